"""E-mail addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import fold, is_blank_word, is_masked, squash

FREE_DOMAINS = frozenset(
    [
        "qq.com",
        "vip.qq.com",
        "foxmail.com",
        "163.com",
        "126.com",
        "yeah.net",
        "vip.163.com",
        "188.com",
        "sina.com",
        "sina.cn",
        "vip.sina.com",
        "sohu.com",
        "139.com",
        "189.cn",
        "wo.cn",
        "21cn.com",
        "tom.com",
        "aliyun.com",
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "live.com",
        "live.cn",
        "msn.com",
        "yahoo.com",
        "yahoo.com.cn",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "web.de",
        "proton.me",
        "protonmail.com",
        "mail.ru",
        "yandex.ru",
        "naver.com",
        "hanmail.net",
        "orange.fr",
    ]
)

_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\.]+(?:\.[^\s@\"(),:;<>\[\]\\.]+)*\Z")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_TOP = re.compile(r"(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})\Z")


@dataclass(frozen=True, slots=True)
class Email:
    """address: as to be written to (domain lower case, ASCII). key: for matching, all lower
    case. Dots and +tags of the local part are kept: only some providers ignore them.
    free: the domain is a public provider and says nothing about an employer."""

    address: str
    key: str
    domain: str
    free: bool


def email(text: str) -> Email:
    """Normalize one e-mail address.

    Raises ValueProblem: ``email.blank``, ``email.masked``, ``email.several``,
    ``email.too_long``, ``email.invalid``.
    """
    local, domain = _parts(text)
    return Email(f"{local}@{domain}", f"{local.casefold()}@{domain}", domain, domain in FREE_DOMAINS)


def address(text: str) -> str:
    """`email(text).address` alone, for who reads many."""
    local, domain = _parts(text)
    return f"{local}@{domain}"


def _parts(text: str) -> tuple[str, str]:
    if is_masked(text):
        raise ValueProblem("email.masked")
    calm = squash(text).replace(" ", "").strip("<>,;，；")
    if calm.lower().startswith("mailto:"):
        calm = calm[7:]
    if "@" not in calm and is_blank_word(calm):  # no word for "nothing" holds the sign
        raise ValueProblem("email.blank")
    if calm.count("@") > 1:
        raise ValueProblem("email.several")
    if len(calm) > 254:
        raise ValueProblem("email.too_long", limit=254)
    local, _, domain = calm.partition("@")
    if not _LOCAL.match(local) or (len(local) > 16 and len(local.encode()) > 64):
        raise ValueProblem("email.invalid", part="local")
    return local, _domain(domain)


@lru_cache(maxsize=4096)
def _domain(domain: str) -> str:
    name = fold(domain).rstrip(".")
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii")
        except UnicodeError:
            raise ValueProblem("email.invalid", part="domain") from None
    labels = name.split(".")
    if len(labels) < 2 or not all(map(_LABEL.match, labels)) or not _TOP.match(labels[-1]):
        raise ValueProblem("email.invalid", part="domain")
    return name

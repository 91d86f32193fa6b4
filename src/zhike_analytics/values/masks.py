"""What may be shown of a personal value to somebody who may not see it.

Stars are of fixed number, so that a mask does not tell the length. A masked value is still
personal information: 138****5678 leaves 10,000 candidates.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable

from zhike_analytics.values.addresses import address, known_region
from zhike_analytics.values.emails import FREE_DOMAINS
from zhike_analytics.values.persons import COMPOUND_SURNAMES, person
from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import squash

HIDDEN = "****"

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})(?!\d)")
_WITH_EXTENSION = re.compile(r"((?:\+?86|0086)?[ -]?1[3-9]\d{9})\s?(?:-|转|分机)\s?\d{1,6}\Z")
_MOBILE_INSIDE = re.compile(r"1[3-9]\d{9}")
_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_AREA = re.compile(r"(?:\+?86[- ]?)?\(?(0(?:10|2\d|[3-9]\d{2}))\)?[- ]?(\d{7,8})(?!\d)")
_SECOND_LEVEL = frozenset(["com", "net", "org", "gov", "edu", "co", "ac"])


def mask(kind: str, value: str, style: str = "default") -> str:
    """The masked form of ``value``.

    kind: phone · landline · name · email · address · handle · wechat · qq · birthday ·
    id_number · passport · bank_card · plate · ip · waybill · hidden. style ``"wide"`` shows the
    first three digits of a Chinese mobile too, ``"waybill"`` the first three and last two.
    An empty value stays empty; a value that already has the shape of its mask stays as it is; an
    unknown kind raises ``mask.unknown_kind``, because showing something by mistake is worse than
    failing.
    """
    rule = _RULES.get(kind)
    if rule is None or style not in _WIDER:
        raise ValueProblem("mask.unknown_kind")
    calm = squash(value)
    if not calm:
        return ""
    shape = _SHAPES.get(kind)
    if calm == HIDDEN or (shape and shape.match(calm)):
        return calm
    return rule(calm, style)


def _last(digits: str, count: int) -> str:
    """Stars and the last digits, but never more than half of what there is."""
    shown = min(count, len(digits) // 2)
    return HIDDEN + (digits[-shown:] if shown else "")


_WIDER = {
    "default": re.compile(r"(?!)"),
    "wide": re.compile(r"\d{3}\*{4}\d{4}\Z"),
    "waybill": re.compile(r"\d{3}\*{6}\d{2}\Z"),
}


def _digits(calm: str) -> str:
    return "".join(re.findall("[0-9]", calm))


def _phone(calm: str, style: str) -> str:
    hidden = re.match(r"(\d{3})\*+(\d{2,4})\Z", calm)
    if hidden:  # a platform's or our own wider mask, narrowed to what this style shows
        return calm if _WIDER[style].match(calm) else HIDDEN + hidden[2]
    with_extension = _WITH_EXTENSION.match(calm)
    tight = re.sub(r"[\s()\-‐‑–—.]", "", with_extension[1] if with_extension else calm)
    mobile = _MOBILE.match(tight)
    if mobile:
        number = mobile[1]
        if style == "wide":
            return number[:3] + HIDDEN + number[-4:]
        if style == "waybill":
            return number[:3] + "******" + number[-2:]
        return HIDDEN + number[-4:]
    if calm.startswith(("+", "00")):
        return _foreign(calm)
    if _AREA.match(calm):
        return _landline(calm, style)
    return _last(_digits(calm), 2)


def _foreign(calm: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + _digits(calm).removeprefix("00"), None)
    except phonenumbers.NumberParseException:
        return _last(_digits(calm), 2)
    national = str(number.national_number)
    if len(national) < 4:
        return HIDDEN
    return f"+{number.country_code} {HIDDEN}{national[-2:]}"


def _landline(calm: str, style: str) -> str:
    found = _AREA.match(calm)
    if found:
        return f"{found[1]}-{HIDDEN}{found[2][-2:]}"
    without_extension = re.split(r"[-转x#]|分机|ext", calm, maxsplit=1)[0]
    return _last(_digits(without_extension), 2)


def _name(calm: str, style: str) -> str:
    try:
        calm = person(calm).text
    except ValueProblem:
        # Masked by a platform or not a name at all: the rules below show little enough.
        if calm.endswith("**") and calm[:-2] in COMPOUND_SURNAMES:
            return calm
        calm = calm.replace("*", " ").strip().split(" ")[0] or "*"
    if not _HAN.search(calm):
        words = [word for word in calm.split(" ") if word][:2]
        return " ".join(_initial(word) for word in words)
    if len(calm) == 1:
        return "*"
    if len(calm) > 2 and calm[:2] in COMPOUND_SURNAMES and "·" not in calm:
        return calm[:2] + "**"
    return calm[0] + "**"


def _initial(word: str) -> str:
    return word[0] + "***" if len(word) > 1 and word[0] != "*" else "*"


def _email(calm: str, style: str) -> str:
    local, at, domain = calm.rpartition("@")
    if not at:
        return _initial(calm)
    shown = f"{local[0]}***" if len(local) > 1 and local[0] != "*" else "*"
    return f"{shown}@{_domain(domain.lower())}"


def _domain(domain: str) -> str:
    if domain in FREE_DOMAINS:
        return domain
    labels = domain.split(".")
    kept = 2 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else 1
    if len(labels) == 1 or not labels[0] or not all(re.match(r"[a-z]{2,10}\Z", x) for x in labels[-kept:]):
        return "***"
    own = labels[-kept - 1]
    return ".".join([own[:1].strip("*") + "***" if len(own) > 1 else "***", *labels[-kept:]])


def _address(calm: str, style: str) -> str:
    try:
        found = address(calm)
    except ValueProblem:
        return HIDDEN
    return known_region(found) + HIDDEN


def _edges(first: int, stars: int, last: int) -> Callable[[str, str], str]:
    def rule(calm: str, style: str) -> str:
        text = calm.replace(" ", "")
        head, tail = (first, last) if len(text) > first + last else (0, 0)
        return text[:head] + "*" * stars + (text[-tail:] if tail else "")

    return rule


def _handle(calm: str, style: str) -> str:
    if len(calm) <= 2:
        return (calm[0] if len(calm) == 2 else "") + "**"
    return calm[0] + "**" + calm[-1]


def _wechat(calm: str, style: str) -> str:
    if re.match(r"\d{3}\*+\d{2,4}\Z", calm):
        return _phone(calm, style)
    if _MOBILE_INSIDE.search(calm):
        return _phone(_MOBILE_INSIDE.findall(calm)[0], style)
    return _edges(1, 4, 1)(calm, style)


def _qq(calm: str, style: str) -> str:
    digits = _digits(calm)
    if len(digits) < 5:
        return HIDDEN
    return _edges(*((2, 4, 2) if len(digits) >= 7 else (1, 4, 1)))(digits, style)


def _birthday(calm: str, style: str) -> str:
    found = re.match(r"((?:19|20)\d{2})(?!\d{1,3}(?!\d))", calm)
    return f"{found[1]}-**-**" if found and len(calm) > 4 else HIDDEN


def _bank_card(calm: str, style: str) -> str:
    digits = _digits(calm)
    return "**** " + digits[-4:] if len(digits) >= 12 else HIDDEN


def _ip(calm: str, style: str) -> str:
    try:
        found = ipaddress.ip_address(calm.removesuffix("/48"))
    except ValueError:
        return HIDDEN
    if isinstance(found, ipaddress.IPv4Address):
        return str(found).rpartition(".")[0] + ".*"
    kept = int(found) >> 80 << 80
    return str(ipaddress.IPv6Address(kept)) + "/48"


def _hidden(calm: str, style: str) -> str:
    return HIDDEN


def _waybill(calm: str, style: str) -> str:
    return _last(calm.replace(" ", ""), 4)


_RULES: dict[str, Callable[[str, str], str]] = {
    "phone": _phone, "landline": _landline, "name": _name, "email": _email, "address": _address,
    "handle": _handle, "wechat": _wechat, "qq": _qq, "birthday": _birthday,
    "id_number": _edges(1, 16, 1), "passport": _edges(1, 7, 1), "bank_card": _bank_card,
    "plate": _edges(2, 3, 1), "ip": _ip, "waybill": _waybill, "hidden": _hidden,
}  # fmt: skip

# Shapes a mask can have: such an input has nothing left to hide and is returned unchanged.
_SHAPES = {
    "phone": re.compile(
        r"\*{4}\d{1,4}\Z|\+\d{1,3} \*{4}\d{2}\Z|0\d{2,3}-\*{4}\d{2}\Z"
    ),
    "landline": re.compile(r"0\d{2,3}-\*{4}\d{2}\Z|\*{4}\d{1,2}\Z"),
    "name": re.compile(r"[^*\s]\*\*\Z|(?:[^*\s]\*{3}|\*)(?: (?:[^*\s]\*{3}|\*))?\Z"),
    "handle": re.compile(r".?\*\*.?\Z"),
    "wechat": re.compile(r".?\*{4}.?\Z|\*{4}\d{4}\Z"),
    "qq": re.compile(r"\d{0,2}\*{4}\d{0,2}\Z"),
    "birthday": re.compile(r"\d{4}-\*\*-\*\*\Z"),
    "id_number": re.compile(r"\S?\*{16}\S?\Z"),
    "passport": re.compile(r"\S?\*{7}\S?\Z"),
    "bank_card": re.compile(r"\*{4} \d{4}\Z"),
    "plate": re.compile(r"\S{0,2}\*{3}\S?\Z"),
    "ip": re.compile(r"(?:\d{1,3}\.){3}\*\Z\Z"),
    "waybill": re.compile(r"\*{4}\S{0,4}\Z"),
}  # fmt: skip

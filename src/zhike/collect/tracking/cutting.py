"""What of an address may be kept: where on the site, and where from; never a query, a fragment or an identifier of a person."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from zhike.secure.cutting import CUT, cut

LONGEST_PATH, LONGEST_TEXT = 200, 120
_CUT_AWAY = "*"
_DIGITS = re.compile(r"(?<!\d)\d{15,}(?!\d)")  # of cards, of identities: longer than the number of any page
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,}\Z")  # a token that opens something

# Sites by the host they end in; what none of these names is a link from elsewhere.
_SEARCH = ("baidu.com", "sogou.com", "so.com", "sm.cn", "bing.com", "google.com", "google.co.uk", "google.de", "google.fr", "duckduckgo.com", "yahoo.com", "yandex.ru")  # fmt: skip
_SOCIAL = ("weixin.qq.com", "weibo.com", "xiaohongshu.com", "douyin.com", "zhihu.com", "bilibili.com", "qq.com", "facebook.com", "instagram.com", "t.co", "twitter.com", "x.com", "tiktok.com", "youtube.com", "pinterest.com", "linkedin.com")  # fmt: skip
_MEDIA = {
    "email": "mail", "edm": "mail", "mail": "mail", "newsletter": "mail", "sms": "message", "短信": "message", "邮件": "mail",
    "cpc": "campaign", "ppc": "campaign", "social": "social", "organic": "search", "referral": "referral",
}  # fmt: skip
ENTRIES = ("direct", "search", "social", "campaign", "mail", "message", "referral", "inside")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where somebody came from: a kind of `ENTRIES` (empty: nothing is said), and the site or campaign by its name."""

    kind: str = ""
    name: str = ""


def path_of(url: str) -> str:
    """The path of an address, without query and fragment; what identifies a person in it becomes `*`."""
    if not url:
        return ""
    try:
        bare = urlsplit(url if "//" in url[:12] else f"//{url}" if _is_host(url) else url).path or "/"
    except ValueError:
        return ""
    parts = [_calm(part) for part in unquote(bare).partition(";")[0].split("/")]
    return "/".join(parts)[:LONGEST_PATH] or "/"


def host_of(url: str) -> str:
    """The host of an address, without user, port and www."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")[:LONGEST_TEXT]


def text_of(text: str) -> str:
    """A title, a name or a section, on one line, with what identifies a person cut out."""
    calm = "".join(c for c in " ".join(text.split()) if c.isprintable())[: LONGEST_TEXT * 2]
    body, _cuttings = cut(calm)
    return _DIGITS.sub(_CUT_AWAY, CUT.sub(_CUT_AWAY, body))[:LONGEST_TEXT]


def section_of(path: str) -> str:
    """The first step of a path: the section of a site that names none; `/` for its front page."""
    first = path.strip("/").partition("/")[0]
    return f"/{first}"[:LONGEST_TEXT]


def entry_of(*, referrer: str, source: str, medium: str, campaign: str, url: str) -> Entry:
    """Where an event says its visitor came from. A campaign outweighs the referrer; the own site is no source."""
    if medium or campaign or source:
        named = text_of(campaign or source or medium)
        kind = _MEDIA.get(medium.strip().casefold(), "") or ("campaign" if campaign or medium else _kind_of(source))
        return Entry(kind, named)
    host = host_of(referrer)
    if not host:
        return Entry()
    if host == host_of(url):
        return Entry("inside")
    return Entry(_kind_of(host), host)


def _kind_of(name: str) -> str:
    calm = name.strip().casefold()
    named = {"direct": "direct", "(direct)": "direct", "直接访问": "direct", "search": "search", "搜索": "search"}
    if calm in named:
        return named[calm]
    for kind, hosts in (("search", _SEARCH), ("social", _SOCIAL)):
        if any(calm == host or calm.endswith(f".{host}") or calm == host.partition(".")[0] for host in hosts):
            return kind
    return "referral"


def _calm(part: str) -> str:
    calm = "".join(c for c in part if c.isprintable() and c != "\u2026")
    if "@" in calm or _SECRET.match(calm):
        return _CUT_AWAY
    return text_of(calm)


def _is_host(url: str) -> bool:
    return bool(re.match(r"[\w-]+(\.[\w-]+)+(/|\Z)", url))

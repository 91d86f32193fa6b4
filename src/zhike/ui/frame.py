"""What stands around every page: rail, top bar, theme, language. Modules announce their pages here from `apps.ready`.

The frame knows no module. It is told three things from above: which pages exist (`nav_item`, `command`), who is
looking (`viewer_source`, or `request.viewer` once a view has asked for rights) and who wants to remember a chosen
language (`language_keeper`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Protocol

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

THEME_COOKIE = "zhike_theme"
THEMES = ("system", "light", "dark")
RAIL_COOKIE = "zhike_rail"
DENSITY_COOKIE = "zhike_density"


class Looker(Protocol):
    """What the frame needs to know of the person looking (secure's Viewer fits)."""

    @property
    def label(self) -> str: ...

    @property
    def permissions(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class NavItem:
    """One entry of the rail. `under` are path prefixes that keep it lit; `key` is the letter after `g`."""

    code: str
    msgid: str
    icon: str
    url_name: str
    permission: str | None
    order: int
    section: str = "main"
    parent: str | None = None
    key: str = ""
    keywords: str = ""
    under: tuple[str, ...] = ()
    count: Callable[[Any], int | None] | None = None


@dataclass(frozen=True)
class Command:
    """One act of the command palette: a page to open, found by its words in either language."""

    code: str
    msgid: str
    icon: str
    url_name: str
    permission: str | None
    keywords: str = ""


@dataclass(frozen=True)
class NavLink:
    """A NavItem as one viewer sees it on one page."""

    item: NavItem
    url: str
    current: bool
    count: int | None
    children: list["NavLink"] = field(default_factory=list)

    @cached_property
    def label(self) -> str:
        return gettext(self.item.msgid)

    @property
    def icon(self) -> str:
        return self.item.icon

    @property
    def search_words(self) -> str:
        return f"{self.label} {self.item.msgid} {self.item.code} {self.item.keywords}".lower()


_nav: dict[str, NavItem] = {}
_commands: dict[str, Command] = {}
_viewer_source: Callable[[HttpRequest], Looker | None] | None = None
_language_keeper: Callable[[HttpRequest, str], None] | None = None
_notice_source: Callable[[], str] | None = None


def nav_item(
    code: str,
    msgid: str,
    icon: str,
    url_name: str,
    permission: str | None,
    order: int,
    section: str = "main",
    *,
    parent: str | None = None,
    key: str = "",
    keywords: str = "",
    under: tuple[str, ...] = (),
    count: Callable[[Any], int | None] | None = None,
) -> None:
    """Announce a page for the rail; call once from the module's `apps.ready`.

    `msgid` is English (translate it in the module's .po), `permission` None means everybody signed in. `section` is
    "main" or "foot". `parent` is the code of a first-level item: the page then stands below it while that part is open.
    """
    _nav[code] = NavItem(code, msgid, icon, url_name, permission, order, section, parent, key, keywords, under, count)
    forget()


def command(code: str, msgid: str, icon: str, url_name: str, permission: str | None, keywords: str = "") -> None:
    """Announce an act for the command palette (Ctrl/⌘+K), such as "New import"."""
    _commands[code] = Command(code, msgid, icon, url_name, permission, keywords)
    forget()


def viewer_source(source: Callable[[HttpRequest], Looker | None]) -> None:
    """Tell the frame how to find who is looking on pages whose view did not ask for rights (error pages)."""
    global _viewer_source
    _viewer_source = source


def notice_source(source: Callable[[], str]) -> None:
    """Tell the frame where to ask what everybody on every page must know (demo data); an empty text shows nothing."""
    global _notice_source
    _notice_source = source


def language_keeper(keeper: Callable[[HttpRequest, str], None]) -> None:
    """Tell the frame who stores a chosen language with the person (secure keeps it on the staff row)."""
    global _language_keeper
    _language_keeper = keeper


def keep_language(request: HttpRequest, code: str) -> None:
    """Hand a freshly chosen language to whoever keeps it."""
    if _language_keeper is not None:
        _language_keeper(request, code)


def viewer_on(request: HttpRequest) -> Looker | None:
    """Who is looking: what the view has set, else what the viewer source says, else nobody."""
    viewer = getattr(request, "viewer", None)
    if viewer is None and _viewer_source is not None:
        viewer = _viewer_source(request)
    return viewer


def address(url_name: str) -> str | None:
    """The address of a named page, or None while its module has no such page."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


@lru_cache(maxsize=64)
def _offered(permissions: frozenset[str]) -> tuple[list[NavItem], dict[str, str]]:
    """The entries that whoever holds these permissions may open, in order, and their addresses."""
    allowed = [i for i in sorted(_nav.values(), key=lambda i: (i.order, i.code)) if _may(permissions, i.permission)]
    addresses = {i.code: url for i in allowed if (url := address(i.url_name)) is not None}
    return [i for i in allowed if i.code in addresses], addresses


def nav_links(request: HttpRequest, viewer: Looker | None) -> list[NavLink]:
    """The first-level entries this viewer may open, in order, the current one marked and unfolded."""
    if viewer is None:
        return []
    offered, addresses = _offered(viewer.permissions)
    current = _current(request.path, offered, addresses)
    lit = {current.code, current.parent} if current else set()
    return _tree(offered, addresses, lit, lambda item: item.count(viewer) if item.count else None)


def pages_of(permissions: frozenset[str]) -> list[NavLink]:
    """The same entries for whoever holds these permissions, wherever they are: none lit, nothing counted."""
    return _tree(*_offered(permissions), set(), lambda item: None)


def _tree(
    offered: list[NavItem], addresses: dict[str, str], lit: set[str | None], count: Callable[[NavItem], int | None]
) -> list[NavLink]:
    def link(item: NavItem, children: list[NavLink]) -> NavLink:
        return NavLink(item, addresses[item.code], item.code in lit, count(item), children)

    top = [i for i in offered if i.parent is None]
    known = {i.code for i in top}
    below = [i for i in offered if i.parent in known]
    links = [link(i, [link(c, []) for c in below if c.parent == i.code]) for i in top]
    orphans = [link(i, []) for i in offered if i.parent is not None and i.parent not in known]
    return links + orphans


def parts_of(links: list[NavLink]) -> tuple[list[NavLink], list[NavLink]]:
    """The entries of the rail proper, and those at its foot."""
    return [n for n in links if n.item.section == "main"], [n for n in links if n.item.section != "main"]


def command_links(viewer: Looker | None) -> list[dict[str, str]]:
    """Commands of the palette this viewer may give: label, url, icon and the words that find them."""
    return [] if viewer is None else acts_of(viewer.permissions)


def acts_of(permissions: frozenset[str]) -> list[dict[str, str]]:
    """Commands of the palette for whoever holds these permissions."""
    found = []
    for c in _commands.values():
        url = address(c.url_name) if _may(permissions, c.permission) else None
        if url is not None:
            label = gettext(c.msgid)
            words = f"{label} {c.msgid} {c.keywords}".lower()
            found.append({"label": label, "url": url, "icon": c.icon, "words": words})
    return found


def forget() -> None:
    """Ask anew who may open what (a page was announced)."""
    from zhike.ui import listed

    _offered.cache_clear()
    listed.forget()


def theme_of(request: HttpRequest) -> str:
    """system, light or dark, as the person chose in this browser."""
    chosen = request.COOKIES.get(THEME_COOKIE, "system")
    return chosen if chosen in THEMES else "system"


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: everything page.html needs; nothing is computed on pages that do not draw the frame."""

    def build() -> dict[str, Any]:
        from zhike.ui import listed

        viewer = viewer_on(request)
        nav, foot = parts_of(nav_links(request, viewer))
        return {
            "viewer": viewer,
            "notice": _notice_source() if viewer and _notice_source else "",
            "nav": nav,
            "rail": listed.rail(nav),
            "rail_foot": listed.rail(foot),
            "thumbs": listed.thumbs(nav),
            "thumbs_more": listed.thumbs_more(nav, foot),
            "palette": listed.palette(viewer) if viewer else "",
            "keys": listed.keys(viewer) if viewer else "",
            "search_url": address("desk:search") if viewer else None,
            "suggest_url": address("desk:suggest") if viewer else None,
            "jobs_url": address("kit:jobs_running") if viewer else None,
            "sign_out_url": address("account_logout") if viewer else None,
            "watermark_url": address("secure:watermark") if viewer else None,
            "me_url": address("secure:me") if viewer else None,
            "components_url": address("components") if viewer else None,
        }

    return {
        "theme": theme_of(request),
        "rail": "slim" if request.COOKIES.get(RAIL_COOKIE) == "slim" else "wide",
        "density": "roomy" if request.COOKIES.get(DENSITY_COOKIE) == "roomy" else "calm",
        "frame": SimpleLazyObject(build),
    }


def _may(permissions: frozenset[str], permission: str | None) -> bool:
    return permission is None or permission in permissions


def _current(path: str, items: list[NavItem], addresses: dict[str, str]) -> NavItem | None:
    """The entry whose address (or one of its `under` prefixes) is the longest beginning of the path; / only exactly.

    Of two entries with one address the later stands: the page below its part of the rail, which is lit with it.
    """
    best: tuple[int, NavItem] | None = None
    for item in items:
        for prefix in (addresses[item.code], *item.under):
            fits = path == prefix if prefix == "/" else path.startswith(prefix)
            if fits and (best is None or len(prefix) >= best[0]):
                best = (len(prefix), item)
    return best[1] if best else None

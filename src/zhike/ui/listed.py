"""The lists of pages around a page, drawn in code: rail, thumb bar, palette and keys name every page on every page.

What is the same for all who hold the same rights (palette, keys) is drawn once per language and kept.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from zhike.ui import frame
from zhike.ui.marks import icon
from zhike.ui.pieces import piece

_CURRENT = SafeString(' aria-current="page"')
_THUMBS = 4


def rail(links: Iterable[frame.NavLink]) -> SafeString:
    """The entries of the rail; the part that is open is unfolded."""
    return SafeString("".join([_rail_entry(link) for link in links]))


def _rail_entry(link: frame.NavLink) -> SafeString:
    key = piece(' data-key="{}"', link.item.key) if link.item.key else ""
    count = piece('<span class="rail-count">{}</span>', link.count) if link.count else ""
    return piece(
        '<li><a class="rail-link" href="{}"{} title="{}"{}>{}<span class="rail-word">{}</span>{}</a>{}</li>\n',
        link.url, _current(link), link.label, key, icon(link.icon), link.label, count, _unfolded(link),
    )  # fmt: skip


def _unfolded(link: frame.NavLink) -> SafeString | str:
    if not (link.current and link.children):
        return ""
    pattern = '<li><a class="rail-link" href="{}"{}><span class="rail-word">{}</span></a></li>'
    entries = "".join([piece(pattern, child.url, _current(child), child.label) for child in link.children])
    return SafeString(f'<ul class="rail-sub">{entries}</ul>')


def thumbs(links: list[frame.NavLink]) -> SafeString:
    """The first parts of the house, for a thumb."""
    pattern = '<a class="thumb" href="{}"{}>{}<span>{}</span></a>'
    return SafeString("".join([piece(pattern, k.url, _current(k), icon(k.icon), k.label) for k in links[:_THUMBS]]))


def thumbs_more(links: list[frame.NavLink], foot: list[frame.NavLink]) -> SafeString:
    """The other parts, behind the last thumb."""
    pattern = '<a class="menu-item" href="{}"{}>{}{}</a>'
    rest = [*links[_THUMBS:], *foot]
    return SafeString("".join([piece(pattern, k.url, _current(k), icon(k.icon), k.label) for k in rest]))


def _current(link: frame.NavLink) -> SafeString | str:
    return _CURRENT if link.current else ""


def palette(viewer: frame.Looker) -> SafeString:
    """Every page and act the viewer may open, with the words that find it."""
    return _palette(get_language(), viewer.permissions)


def keys(viewer: frame.Looker) -> SafeString:
    """The pages with a letter of their own."""
    return _keys(get_language(), viewer.permissions)


@lru_cache(maxsize=64)
def _palette(language: str | None, permissions: frozenset[str]) -> SafeString:
    made = []
    top, foot = frame.parts_of(frame.pages_of(permissions))
    for link in (*[k for part in top for k in (part, *part.children)], *foot):
        letters = piece('<span class="palette-keys"><kbd>g</kbd><kbd>{}</kbd></span>', link.item.key)
        made.append(_found(link.search_words, link.url, link.icon, link.label, letters if link.item.key else ""))
    for act in frame.acts_of(permissions):
        made.append(_found(act["words"], act["url"], act["icon"], act["label"], ""))
    return SafeString("".join(made))


def _found(words: str, url: str, name: str, label: str, letters: str) -> SafeString:
    return piece(
        '<li data-words="{}"><a class="palette-item" href="{}">{}<span>{}</span>{}</a></li>\n',
        words, url, icon(name), label, letters,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _keys(language: str | None, permissions: frozenset[str]) -> SafeString:
    top, _foot = frame.parts_of(frame.pages_of(permissions))
    pattern = "<div><dt>{}</dt><dd><kbd>g</kbd> <kbd>{}</kbd></dd></div>"
    return SafeString("".join([piece(pattern, k.label, k.item.key) for k in top if k.item.key]))


def forget() -> None:
    """Draw anew (a page was announced)."""
    _palette.cache_clear()
    _keys.cache_clear()

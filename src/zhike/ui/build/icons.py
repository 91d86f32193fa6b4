"""One sprite of the icons the pages really use, out of the five thousand of the family."""

import re
from pathlib import Path

from zhike.ui.build.places import ISLANDS, NODE_MODULES, PACKAGE

# {% icon "users" %}, icon("users"), icon="users" in tags and calls, "icon": "users", nav_item("code", "Label", "users", …), use("users") in JS.
_NAMED = re.compile(
    r"""(?:\{%\s*icon\s+|\bicon\s*[=:(]\s*|["']icon["']\s*:\s*|\bdata-icon=|\buse\(\s*)["']([a-z][a-z0-9-]*)["']"""
)
# Tags that take an icon among their words, and tables of icons in Python (`KIND_ICONS = {…}`): words the family knows.
_TAGS = re.compile(r"""\{%\s*(?:badge|empty|menu|timeline_item|tabs)\s.*?%\}""", re.S)
_TABLES = re.compile(r"""\b\w*ICONS?\w*(?::[^=\n]+)?\s*=\s*(?:\{.*?\}|\(.*?\)|".*?")""", re.S)
_WORD = re.compile(r"""["']([a-z][a-z0-9-]+)["']""")
_ANNOUNCED = re.compile(r"""\b(?:nav_item|command)\(\s*"[^"]+",\s*"[^"]+",\s*"([a-z0-9-]+)\"""")
# Icons whose names are computed: timeline kinds, trends, callout tones.
_ALWAYS = [
    "home",
    "users",
    "message-circle",
    "ticket",
    "building-store",
    "chart-dots",
    "heart-handshake",
    "clipboard-list",
    "book",
    "shield-lock",
    "settings",
    "sparkles",
    "database",
    "cloud-download",
    "adjustments",
    "info-circle",
    "alert-triangle",
    "alert-circle",
    "circle-check",
    "trending-up",
    "trending-down",
    "minus",
    "user",
    "users",
    "shopping-cart",
    "receipt-2",
    "truck",
    "message-circle",
    "phone",
    "mail",
    "note",
    "tag",
    "star",
    "heart",
    "crown",
    "flame",
    "zzz",
    "upload",
    "download",
    "file-import",
    "history",
    "git-merge",
    "edit",
    "eye",
    "eye-off",
    "key",
    "shield",
    "search",
    "filter",
    "link",
    "building-store",
    "package",
    "world",
    "clock",
    "calendar",
    "refresh",
    "player-pause",
    "player-play",
    "x",
    "check",
    "plus",
    "dots",
    "chevron-down",
    "chevron-right",
    "chevron-left",
    "arrow-right",
    "arrow-up",
    "arrow-down",
    "copy",
    "trash",
    "archive",
]
_INNER = re.compile(r"<svg[^>]*>(.*)</svg>", re.S)


def icon_names() -> list[str]:
    """Every icon named in templates, Python and islands, and those whose names are computed."""
    names = set(_ALWAYS)
    for folder, kinds in ((PACKAGE, ("*.html", "*.py")), (ISLANDS, ("*.js",))):
        for kind in kinds:
            for file in folder.rglob(kind):
                if "static_build" not in file.parts:
                    text = file.read_text(encoding="utf-8")
                    names.update(_NAMED.findall(text), _ANNOUNCED.findall(text), _possible(text))
    return sorted(names)


def _possible(text: str) -> list[str]:
    parts = [*_TAGS.findall(text), *_TABLES.findall(text)]
    return [word for part in parts for word in _WORD.findall(part) if _file(word).exists()]


def unknown_icons(names: list[str]) -> list[str]:
    """Those the icon family does not have."""
    return [n for n in names if not _file(n).exists()]


def sprite(names: list[str]) -> str:
    """An SVG of one <symbol> per icon, to be drawn by `<use href="…#name">`."""
    symbols = []
    for name in names:
        if not _file(name).exists():
            continue
        inner = _INNER.search(_file(name).read_text(encoding="utf-8"))
        if inner:
            paths = re.sub(r"\s+", " ", inner.group(1)).replace(
                '<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', ""
            )
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{paths.strip()}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>"


def _file(name: str) -> Path:
    return NODE_MODULES / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"

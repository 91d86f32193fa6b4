"""Takes from Tabler's stylesheet the parts these pages have of their own or never use, so that a page stays light."""

import re

# Class families left out: replaced by native elements (dialog, details, popover) or by our own frame, or unused.
_LEFT_OUT = [
    "navbar",
    "offcanvas",
    "carousel",
    "ribbon",
    "legend",
    "accordion",
    "popover",
    "tooltip",
    "toast",
    "modal",
    "signal",
    "calendar",
    "sparkline",
    "sortable",
    "otp",
    "page",
    "sidebar",
    "dropdown",
    "dropup",
    "dropend",
    "dropstart",
    "btn-facebook",
    "ti",
    "theme",
    "img-box",
    "chart",
    "io-ball",
    "markdown",
    "demo",
    "strength",
    "apexcharts",
    "fc",
    "ts-",
    "noUi",
    "jvm-",
    "litepicker",
    "plyr",
    "dropzone",
    "tox",
    "clr-",
    "vc-",
    "fslightbox",
    "turbo",
    "card-stacked",
    "stars",
    "countup",
    "switch-icon",
    "form-imagecheck",
    "form-selectgroup",
    "form-colorinput",
    "form-colorcheck",
    "form-floating",
    "placeholder",
    "col-print",
    "d-print",
    "mark-social",
    "hr-",
    "flag",
    "payment",
    "avatar-upload",
    "wizard",
    "space-y",
    "space-x",
    "divide",
    "wysiwyg",
    "layout-",
    "status-indicator",
    "status-dot-animated",
    "steps",
    "step-item",
    "tracking",
    "kanban",
    "chat",
    "pagination",
    "toast",
    "list-group",
    "list-timeline",
    "timeline",
    "nav-segmented",
    "nav-bordered",
    "nav-pills",
    "nav-fill",
    "nav-justified",
    "page-wrapper",
    "ratio",
    "vr",
    "stretched",
    "object-",
]
_SOCIAL = [
    "x",
    "facebook",
    "twitter",
    "linkedin",
    "google",
    "youtube",
    "vimeo",
    "dribbble",
    "github",
    "instagram",
    "pinterest",
    "vk",
    "rss",
    "flickr",
    "bitbucket",
    "tabler",
]
_LEFT_OUT_RE = re.compile(
    r"\.(?:" + "|".join(re.escape(n) for n in _LEFT_OUT) + r")(?![a-z0-9])(?:-|\b)|\[data-vc|\.io-"
)
_SOCIAL_RE = re.compile(r"\.(?:bg|text|btn|btn-outline|btn-ghost|border|link)-(?:" + "|".join(_SOCIAL) + r")\b")
_SPOT_RE = re.compile(r"[^{}]*$")


def trim(css: str) -> str:
    """Drop every rule all of whose selectors belong to a family left out; @media and @supports are entered."""
    out: list[str] = []
    for prelude, body in _blocks(re.sub(r"/\*(?!!).*?\*/", "", css, flags=re.S)):
        if body is None:
            out.append(prelude)
        elif prelude.lstrip().startswith(("@media", "@supports", "@layer")):
            inner = trim(body)
            if inner.strip():
                out.append(f"{prelude}{{{inner}}}")
        elif prelude.lstrip().startswith("@"):
            out.append(f"{prelude}{{{body}}}")
        elif kept := [s for s in _selectors(prelude) if not _left_out(s)]:
            out.append(f"{','.join(kept)}{{{body}}}")
    return "".join(out)


def _left_out(selector: str) -> bool:
    return bool(_LEFT_OUT_RE.search(selector) or _SOCIAL_RE.search(selector))


def _selectors(prelude: str) -> list[str]:
    """Split at the commas outside brackets."""
    parts, depth, start = [], 0, 0
    for i, c in enumerate(prelude):
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            parts.append(prelude[start:i])
            start = i + 1
    return [*parts, prelude[start:]]


def _blocks(css: str) -> list[tuple[str, str | None]]:
    """Top-level statements: (prelude, body), body None for statements that end in a semicolon."""
    found: list[tuple[str, str | None]] = []
    depth, start, open_at = 0, 0, 0
    in_string = ""
    for i, c in enumerate(css):
        if in_string:
            if c == in_string and css[i - 1] != "\\":
                in_string = ""
        elif c in "\"'":
            in_string = c
        elif c == "{":
            if depth == 0:
                open_at = i
            depth += 1
        elif c == "}":
            depth -= 1
            if depth == 0:
                found.append((css[start:open_at], css[open_at + 1 : i]))
                start = i + 1
        elif c == ";" and depth == 0 and "(" not in css[start:i].rpartition(")")[2]:
            found.append((css[start : i + 1], None))
            start = i + 1
    return found

"""Small signs inside a line: icons, badges, tags, avatars, the dot of provenance. Each is a template tag of `{% load ui %}`."""

import re
from functools import cache
from typing import Any

from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhike.ui.pieces import piece

TONES = frozenset({"neutral", "accent", "good", "warn", "bad", "info", "plum"})
# Eight RFM classes from the best to the quietest; the tone says how they stand, the word says what they are.
RFM_TONES = {
    "important_value": "accent", "important_develop": "good", "important_keep": "warn", "important_win_back": "bad",
    "general_value": "info", "general_develop": "neutral", "general_keep": "neutral", "general_win_back": "neutral",
}  # fmt: skip
_LONGEST_PERSON = 4  # characters; longer Chinese names are those of shops and companies
_DOT = SafeString('<i class="dot"></i>')
_ICON = '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>'


@cache
def icon(name: str, size: str = "") -> SafeString:
    """`{% icon "users" %}`: one of the family, 18 px; size "sm" 16, "lg" 24, "xl" 40. Drawn for the eye only."""
    return piece(_ICON, f" icon-{size}" if size else "", static("ui/icons.svg"), name)


def badge(label: Any, tone: str = "neutral", name: str = "", *, dot: bool = False) -> SafeString:
    """`{% badge "Paid" "good" %}`: tone neutral, accent, good, warn, bad, info or plum; `dot=True` leads with a dot."""
    tone = tone if tone in TONES else "neutral"
    head = icon(name, "sm") if name else (_DOT if dot else "")
    return piece('<span class="badge-zk tone-{}">{}{}</span>', tone, head, label)


def rfm_badge(code: str, label: Any, cell: str = "") -> SafeString | str:
    """The RFM class of a customer: `{% rfm_badge "important_value" label "5·4·5" %}`; nothing when there is none."""
    if not code:
        return "–"
    tail = piece('<span class="rfm-cell">{}</span>', cell) if cell else ""
    return piece('<span class="badge-zk tone-{}">{}{}</span>', RFM_TONES.get(code, "neutral"), label, tail)


def tag(label: Any, hue: int = 0, remove_url: str = "") -> SafeString:
    """A customer's tag: hue 0–7. With `remove_url` it carries a button that takes it off (htmx POST)."""
    cross = ""
    if remove_url:
        cross = piece(
            '<button type="button" class="tag-x" hx-post="{}" hx-target="closest .tag-zk" hx-swap="delete" aria-label="{}">{}</button>',
            remove_url, gettext("Remove tag %(tag)s") % {"tag": label}, icon("x", "sm"),
        )  # fmt: skip
    return piece('<span class="tag-zk hue-{}">{}{}</span>', hue % 8, label, cross)


def avatar(name: str, size: str = "") -> SafeString:
    """A round sign with the letters that stand for a name; colour from the name."""
    dress = f" avatar-{size}" if size else ""
    # The letters are drawn, not written: the name stands beside them, and nobody wants to hear or copy both.
    return piece(
        '<span class="avatar-zk hue-{}{}" data-letters="{}" aria-hidden="true"></span>',
        sum(map(ord, name)) % 8,
        dress,
        letters(name),
    )


def letters(name: str) -> str:
    """The last character of a Chinese person's name, the first of an organization's, the initials of a Latin one.

    What stands in brackets, or hidden behind a mask, is no part of it.
    """
    words = re.sub(r"[（(\[【][^）)\]】]*[）)\]】]?|[^\w\s]", " ", name).split()
    if not words:
        return "?"
    if any("\u3400" <= c <= "\u9fff" for c in words[-1]):
        return words[-1][0] if len(words[-1]) > _LONGEST_PERSON else words[-1][-1]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def origin(tone: str, title: str, url: str = "") -> SafeString:
    """The dot that says where a value is from: tone verified, stated, imported or guessed; opens "why this value"."""
    if not url:
        return piece('<i class="origin origin-{}" title="{}"></i>', tone, title)
    return piece(
        '<button type="button" class="origin-ask" hx-get="{}" hx-target="#drawer-body" hx-swap="innerHTML" data-open="drawer" aria-label="{}" title="{}"><i class="origin origin-{}"></i></button>',
        url, title, title, tone,
    )  # fmt: skip

"""A piece of HTML from a pattern and its parts: what `format_html` makes, without its look for lazy texts at every part.

A register has some thousand pieces; the looks cost more than the pieces.
"""

from html import escape
from typing import Any

from django.utils.safestring import SafeString


def piece(pattern: str, *parts: Any) -> SafeString:
    """`pattern` with its `{}` filled: parts that are HTML already as they are, all others escaped.

    Raises:
        IndexError: the pattern asks for more parts than there are.
    """
    return SafeString(pattern.format(*[html_of(part) for part in parts]))


def html_of(part: Any) -> str:
    """A part as HTML: what is HTML already as it is, all else escaped."""
    if type(part) is str:
        return escape(part)
    if hasattr(part, "__html__"):
        html: str = part.__html__()
        return html
    return escape(str(part))

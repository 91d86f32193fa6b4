"""Addresses of templates with parts: `{% url "desk:file" row.public_id %}`, whose pattern is looked up once instead of each time.

Django matches every pattern of a name anew for every link. For parts that are plain (numbers; letters, digits, - and _) the
address is the same text around them each time, so it is asked for once with parts that stand in; any other part takes the long way.
"""

import re
from typing import Any

from django.template import Context, Node
from django.template.defaulttags import URLNode
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}").fullmatch
_STANDS_IN = {"number": "73019{}97", "word": "Zq-9_{}x"}


class Address(Node):
    """A `{% url %}` with parts."""

    child_nodelists = ()

    def __init__(self, said: URLNode) -> None:
        self.said, self.args, self.asvar = said, said.args, said.asvar
        self.token, self.origin = said.token, said.origin
        self.patterns: dict[tuple[str, ...], str | None] = {}

    def render(self, context: Context) -> str:
        """The address, or what Django's own tag says of parts that are not plain."""
        parts = [arg.resolve(context) for arg in self.args]
        shape = tuple([_shape(part) for part in parts])
        if "" in shape:
            return str(self.said.render(context))
        if shape not in self.patterns:
            self.patterns[shape] = _pattern(self.said.view_name.resolve(context), shape)
        pattern = self.patterns[shape]
        if pattern is None:
            return str(self.said.render(context))
        url = pattern.format(*parts)
        if self.asvar:
            context[self.asvar] = url
            return ""
        return escape(url) if context.autoescape else url


def _shape(part: Any) -> str:
    """number, word, or nothing for what is neither."""
    if type(part) is int:
        return "number" if part >= 0 else ""
    if isinstance(part, str) and _PLAIN(part):
        return "number" if part.isdigit() else "word"
    return ""


def _pattern(name: str, shape: tuple[str, ...]) -> str | None:
    """An address with {} for its parts; None where it cannot be told from the parts that stand in."""
    stand_ins = [_STANDS_IN[kind].format(n) for n, kind in enumerate(shape)]
    try:
        url = reverse(name, args=stand_ins)
    except NoReverseMatch:
        return None
    url = url.replace("{", "{{").replace("}", "}}")
    for part in stand_ins:
        if url.count(part) != 1:
            return None
    if sorted(stand_ins, key=url.index) != stand_ins:
        return None
    for part in stand_ins:
        url = url.replace(part, "{}")
    return url

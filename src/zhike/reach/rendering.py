"""From a template to a mail: variables filled strictly, everything escaped, no header to be injected.

A body is plain text: paragraphs between blank lines, `{{ variable }}`, and `[words](https://address)` for a link. The HTML
part is made from the same text, so nobody writes HTML and nothing has to be cleaned.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

# What every template may say of the customer and the shop; any other name is a fact the caller gives.
BUILT_IN = ("name", "number", "shop", "day")
LONGEST_SUBJECT, LONGEST_BODY, LONGEST_FACT = 200, 20_000, 500
_VARIABLE = re.compile(r"\{\{\s*([a-z][a-z0-9_]{0,39})\s*\}\}")
_LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}")
_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((https?://[^\s()<>\"'{}]{1,400})\)")


class TemplateFault(ValueError):
    """A text is no template, or a variable has nothing to stand for; `code`: syntax, subject, body, empty, fact, fact_long."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


def variables(*texts: str) -> list[str]:
    """The names of all variables in these texts, each once, in order. Raises TemplateFault `syntax`."""
    for text in texts:
        if _LEFT_OVER.search(_VARIABLE.sub("", text)):
            raise TemplateFault("syntax")
    return list(dict.fromkeys(name for text in texts for name in _VARIABLE.findall(text)))


def facts_of(texts: Iterable[Mapping[str, str]]) -> list[str]:
    """The variables the caller has to give, over all languages."""
    found = variables(*(part for text in texts for part in (text["subject"], text["body"])))
    return [name for name in found if name not in BUILT_IN]


def check(subject: str, body: str) -> None:
    """Raise TemplateFault unless these words make a template."""
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or _has_controls(subject):
        raise TemplateFault("subject")
    if not body.strip() or len(body) > LONGEST_BODY:
        raise TemplateFault("body")
    variables(subject, body)


def subject(template: str, values: Mapping[str, str]) -> str:
    """The subject: one line, whatever stands in the values."""
    return " ".join(_filled(template, values).split())[:LONGEST_SUBJECT]


def text(template: str, values: Mapping[str, str]) -> str:
    """The text part; a link becomes its words with the address behind."""
    return _filled(_LINK.sub(r"\1 \2", template.replace("\r\n", "\n")), values).strip() + "\n"


def html(template: str, values: Mapping[str, str]) -> SafeString:
    """The HTML part: paragraphs and links of the template, everything else escaped, the values first of all."""
    paragraphs = re.split(r"\n\s*\n", template.replace("\r\n", "\n").strip())
    return mark_safe("\n".join(f"<p>{_html(paragraph, values)}</p>" for paragraph in paragraphs))


def _html(paragraph: str, values: Mapping[str, str]) -> str:
    parts, at = [], 0
    for link in _LINK.finditer(paragraph):
        parts.append(_escaped(paragraph[at : link.start()], values))
        address = escape(link[2])
        parts.append(f'<a href="{address}" rel="noopener noreferrer">{_escaped(link[1], values)}</a>')
        at = link.end()
    parts.append(_escaped(paragraph[at:], values))
    return "".join(parts).replace("\n", "<br>\n")


def _escaped(words: str, values: Mapping[str, str]) -> str:
    return escape(_filled(words, values))


def _filled(words: str, values: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in values:
            raise TemplateFault("fact", found[1])
        return _clean(values[found[1]])

    return _VARIABLE.sub(value, words)


def _clean(given: str) -> str:
    """A value as it may stand in a line: no control signs, no line breaks, no change of direction."""
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
        for c in str(given)
        if unicodedata.category(c) != "Cf"
    )


def _has_controls(line: str) -> bool:
    return any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") for c in line)

"""Finds every message the product says: in templates by Django's own lexer, in Python by its syntax tree."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

PACKAGE = Path(__file__).resolve().parents[1]

_STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_TRANSLATE = re.compile(rf"^trans(?:late)?\s+{_STRING}(?P<rest>.*)$", re.S)
_BLOCK = re.compile(r"^blocktrans(?:late)?\b(?P<rest>.*)$", re.S)
_CONTEXT = re.compile(rf"\bcontext\s+{_STRING}")
_MARKED = re.compile(rf"(?<![\w.])_\({_STRING}\)")
_SINGULAR = {"gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_IN_CONTEXT = {"pgettext", "pgettext_lazy"}
# Calls that take an English message to be translated later, and where it stands among their arguments.
_ANNOUNCING = {"nav_item": 1, "command": 1}


@dataclass(frozen=True, order=True)
class Message:
    """One message: its English text, the plural form if it counts, the context if it needs one."""

    msgid: str
    plural: str = ""
    context: str = ""

    @property
    def has_places(self) -> bool:
        """Whether the text carries %(name)s places, which the translation must keep."""
        return bool(re.search(r"%\(\w+\)[sdf]", self.msgid))


def messages_of(module: str) -> dict[Message, str]:
    """All messages below `src/zhike/<module>`, each with a place (path:line) where it is said."""
    found: dict[Message, str] = {}
    root = PACKAGE / module
    for file in sorted([*root.rglob("*.py"), *root.rglob("*.html"), *root.rglob("*.txt")]):
        read = python_messages if file.suffix == ".py" else template_messages
        for message, line in read(file.read_text(encoding="utf-8")):
            found.setdefault(message, f"{file.relative_to(PACKAGE)}:{line}")
    return found


def modules() -> list[str]:
    """The modules that may say something."""
    return sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())


def template_messages(text: str) -> Iterator[tuple[Message, int]]:
    """Messages of one template: {% translate %}, {% blocktranslate %} and _("…") in any tag or variable."""
    tokens = iter(Lexer(text).tokenize())
    for token in tokens:
        if token.token_type not in (TokenType.BLOCK, TokenType.VAR):
            continue
        if hit := _TRANSLATE.match(token.contents):
            yield Message(_text(hit[1]), context=_context(hit["rest"])), token.lineno or 0
        elif hit := _BLOCK.match(token.contents):
            yield _block(tokens, hit["rest"]), token.lineno or 0
        for marked in _MARKED.findall(token.contents):
            yield Message(_text(marked)), token.lineno or 0


def python_messages(source: str) -> Iterator[tuple[Message, int]]:
    """Messages of one Python file: calls of what it imported from django.utils.translation, and announcements."""
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in node.args]
        message = _called(names.get(called, called if isinstance(node.func, ast.Attribute) else ""), texts)
        place = _ANNOUNCING.get(called)
        if message is None and place is not None and len(texts) > place and texts[place]:
            message = Message(str(texts[place]))
        if message is not None:
            yield message, node.lineno
        for keyword in node.keywords:
            if (
                keyword.arg == "msgid"
                and isinstance(keyword.value, ast.Constant)
                and isinstance(keyword.value.value, str)
            ):
                yield Message(keyword.value.value), node.lineno


def _called(name: str, texts: list[str | None]) -> Message | None:
    if name in _SINGULAR and texts and texts[0]:
        return Message(texts[0])
    if name in _PLURAL and len(texts) > 1 and texts[0] and texts[1]:
        return Message(texts[0], plural=texts[1])
    if name in _IN_CONTEXT and len(texts) > 1 and texts[0] and texts[1]:
        return Message(texts[1], context=texts[0])
    return None


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local name → translation function, for `from django.utils.translation import gettext as _`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
    return names


def _block(tokens: Iterator[Token], rest: str) -> Message:
    """The message of a {% blocktranslate %}, read up to its end tag."""
    parts: list[str] = []
    singular: str | None = None
    for token in tokens:
        if token.token_type == TokenType.TEXT:
            parts.append(token.contents.replace("%", "%%"))
        elif token.token_type == TokenType.VAR:
            parts.append(f"%({token.contents})s")
        elif token.contents == "plural":
            singular, parts = "".join(parts), []
        elif token.contents.startswith("endblocktrans"):
            break
    text = "".join(parts)
    trimmed = bool(re.search(r"\btrimmed\b", rest))
    context = _context(rest)
    if singular is None:
        return Message(_trim(text, trimmed), context=context)
    return Message(_trim(singular, trimmed), plural=_trim(text, trimmed), context=context)


def _trim(text: str, trimmed: bool) -> str:
    return re.sub(r"\s*\n\s*", " ", text.strip()) if trimmed else text


def _context(rest: str) -> str:
    hit = _CONTEXT.search(rest)
    return _text(hit[1]) if hit else ""


def _text(literal: str) -> str:
    return literal[1:-1].replace('\\"', '"').replace("\\'", "'")

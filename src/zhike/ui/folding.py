"""Templates compiled once per language: what never changes in them is text before the first page asks.

A page of ours has some thousand nodes, and half of them say the same on every page: words looked up in a catalogue, icons,
addresses without parts. The loader keeps each template apart per language, makes those nodes into the text they give, and
joins neighbors. Pages are the same to the letter; they take two thirds of the time.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.template import Context, Node, NodeList, Template
from django.template.base import FilterExpression, TextNode, TokenType, Variable
from django.template.defaulttags import CommentNode, LoadNode, URLNode
from django.template.library import InclusionNode, SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from zhike.ui.addresses import Address

_constant_tags: set[Any] = set()


def constant(tag: Callable[..., Any]) -> Callable[..., Any]:
    """Say of a tag's function that equal arguments give equal text, in one language, whoever asks."""
    _constant_tags.add(tag)
    return tag


class Named(Node):
    """`{% translate … as name %}` once its words are known."""

    child_nodelists = ()

    def __init__(self, name: str, value: Any) -> None:
        self.name, self.value = name, value

    def render(self, context: Context) -> str:
        """Set the name; shows nothing itself."""
        context[self.name] = self.value
        return ""


class Loader(cached.Loader):
    """The cached loader, with a copy of each template per language, folded."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        """The library's key, and the language whose words stand in the copy."""
        return f"{get_language()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The template for the language of this moment, folded when it was first asked for."""
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template: Template = super().get_template(template_name, skip)
        if is_new:
            fold(template)
        return template


def fold(template: Template) -> None:
    """Make into text, in place, every node of a template that gives the same on every page in the language of this moment."""
    context = Context()
    with context.bind_template(template):
        _fold(template.nodelist, context)


def _fold(nodes: NodeList, context: Context) -> None:
    made = NodeList()
    for node in nodes:
        for below in _below(node):
            _fold(below, context)
        kept = _kept(node, context)
        if isinstance(kept, str):
            _add_text(made, kept, node)
        else:
            made.append(kept)
    nodes[:] = made


def _add_text(made: NodeList, text: str, node: Node) -> None:
    """Text as one node with the text before it; the line it stands on is that of its first part."""
    last = made[-1] if made else None
    new = TextNode(last.s + text if isinstance(last, TextNode) else text)
    first = last if isinstance(last, TextNode) else node
    new.token, new.origin = first.token, first.origin
    if isinstance(last, TextNode):
        made[-1] = new
    elif text:
        made.append(new)


def _below(node: Node) -> Iterator[NodeList]:
    """The lists of nodes inside of a node."""
    for name in node.child_nodelists:
        below = getattr(node, name, None)
        if isinstance(below, NodeList):
            yield below
    for _condition, below in getattr(node, "conditions_nodelists", ()):
        yield below


def _kept(node: Node, context: Context) -> Node | str:
    """What stands in a node's place: itself, the text it always gives, or a name already known."""
    if isinstance(node, TextNode):
        return str(node.s)
    if isinstance(node, CommentNode | LoadNode):
        return ""
    if isinstance(node, URLNode) and node.args and not node.kwargs and _is_literal(node.view_name):
        return Address(node)
    if not _is_constant(node):
        return node
    try:
        text = node.render(context)
    except NoReverseMatch:
        return node  # the page that says it will fail as before
    if name := getattr(node, "asvar", None):
        named = Named(name, context[name])
        named.token, named.origin = node.token, node.origin
        return named
    return str(conditional_escape(text))


def _is_constant(node: Node) -> bool:
    if isinstance(node, TranslateNode):
        context_of_word = node.message_context is None or _is_literal(node.message_context)
        return not node.noop and context_of_word and _is_literal(node.filter_expression)
    if isinstance(node, BlockTranslateNode):
        words = all(t.token_type == TokenType.TEXT for t in node.singular)
        return words and not (node.plural or node.extra_context or node.message_context or node.countervar)
    if isinstance(node, URLNode):
        return not (node.args or node.kwargs) and _is_literal(node.view_name)
    if isinstance(node, StaticNode):
        return node.varname is None and _is_literal(node.path)
    if isinstance(node, SimpleNode | InclusionNode) and node.func in _constant_tags:
        given = [*node.args, *node.kwargs.values()]
        return not node.takes_context and not getattr(node, "target_var", None) and all(map(_is_literal, given))
    return False


def _is_literal(said: FilterExpression) -> bool:
    """Whether an argument is a plain text or number."""
    if said.filters:
        return False
    if isinstance(said.var, Variable):
        return said.var.literal is not None and said.var.lookups is None
    return isinstance(said.var, str)

"""Filters of the desk's templates."""

from django import template
from django.utils.safestring import SafeString

from zhike.customers.records import RegisterRow
from zhike.desk.painting import Look
from zhike.ui import figures

register = template.Library()


@register.filter
def counted(number: int, capped: bool) -> str:
    """A count with a plus where counting stopped: 100,000+."""
    return figures.number(number) + ("+" if capped else "")


@register.filter
def money_of(cents: int, currency: str) -> str:
    """An amount in words for a figure that is no table cell."""
    return figures.money_text(cents, currency)


@register.simple_tag(takes_context=True)
def painted(context: template.Context, row: RegisterRow) -> SafeString:
    """The cells of a line of the register."""
    look: Look = context["look"]
    return look.row(row, context["shown"])

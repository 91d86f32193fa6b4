"""Filters of the desk's templates."""

from collections.abc import Sequence

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from zhike.customers.records import FieldValue, RegisterRow
from zhike.desk.painting import Look
from zhike.desk.printing.sheet import Line, halves
from zhike.desk.words import CHECKED_ICONS, STATES_OF_VALUES
from zhike.ui import figures, marks

register = template.Library()


@register.filter
def paper_rows(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Lines of a card as its rows: what would stand alone in half a row has all of it, as on paper."""
    return halves(lines)


@register.filter
def counted(number: int, capped: bool) -> str:
    """A count with a plus where counting stopped: 100,000+."""
    return figures.number(number) + ("+" if capped else "")


@register.filter
def money_of(cents: int, currency: str) -> str:
    """An amount in words for a figure that is no table cell."""
    return figures.money_text(cents, currency)


@register.simple_tag
def checked_sign(value: FieldValue) -> SafeString | str:
    """How far a value is verified, where it is more than its form: a shape for the eye, words for everybody."""
    if value.contradicted:
        tone, name, words_ = "warn", "arrows-diff", gettext("Sources disagree: ask which one holds")
    elif value.state == "confirmed":
        tone, name, words_ = "good", CHECKED_ICONS["confirmed"], str(STATES_OF_VALUES["confirmed"])
    elif value.state == "corroborated":
        said = gettext("%(n)s independent sources agree") % {"n": value.origin_count}
        tone, name, words_ = "info", CHECKED_ICONS["corroborated"], said
    else:
        return ""
    sign = marks.icon(name, "sm")
    return format_html(
        '<span class="checked tone-{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        tone,
        words_,
        sign,
        words_,
    )


@register.simple_tag(takes_context=True)
def painted(context: template.Context, rows: Sequence[RegisterRow]) -> SafeString:
    """The lines of the register."""
    look: Look = context["look"]
    return look.lines(rows, context["shown"], selectable=context["may_tag"] or context["may_bulk"])

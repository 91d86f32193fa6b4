"""The cells of the register as HTML, made in code: a page has hundreds, and a template for each costs more than the list itself."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhike.customers.records import RegisterRow
from zhike.desk import words
from zhike.desk.columns import Column
from zhike.ui import figures, marks
from zhike.ui.pieces import piece

_NONE = SafeString('<span class="none">–</span>')
_TAGS_SHOWN = 3
_CLASSES = {
    "number": "num not-small", "name": "at-main", "owner": "cut", "tags": "tags-col", "orders": "num-col",
    "net": "num-col at-sum",
}  # fmt: skip
_NAMED_SMALL = ("orders", "last_order", "owner", "lead_score", "created")


@dataclass(frozen=True)
class Look:
    """What the cells of one page need beside their rows: texts that lie elsewhere, names, words, and what may be edited."""

    cells: Mapping[str, Mapping[int, str]]
    editable: Set[str]
    owners: Mapping[int, str]
    currency: str
    query: str
    pens: dict[str, tuple[str, SafeString]] = field(default_factory=dict)
    base: str = field(default_factory=lambda: reverse("desk:register"))

    def row(self, row: RegisterRow, columns: Sequence[Column]) -> SafeString:
        """The cells of a line, in the order of its columns."""
        return SafeString("".join([self.cell(row, column) for column in columns]))

    def cell(self, row: RegisterRow, column: Column) -> SafeString:
        """One cell, with the pen that opens it where it may be edited."""
        if column.lies == "card":
            inner = _INNER[column.code](self, row)
        else:
            inner = escape(self.cells.get(column.code, {}).get(row.customer_id, "")) or _NONE
        look = _CLASSES.get(column.code, "" if column.lies == "card" else "cut")
        if inner is _NONE:
            look = f"{look} is-none".strip()  # on a small screen, where a line is a card, nothing is said of it
        # Only numbers need their word there: a city or a class says what it is.
        named = piece(' data-label="{}"', column.label) if column.code in _NAMED_SMALL else ""
        if column.code not in self.editable:
            return piece('<td class="{}"{}>{}</td>', look, named, inner) if look else piece("<td>{}</td>", inner)
        return piece('<td class="{} cell-own"{} data-cell>{}{}</td>', look, named, inner, self._pen(row, column))

    def _pen(self, row: RegisterRow, column: Column) -> SafeString:
        if column.code not in self.pens:
            address = reverse("desk:cell", args=["ROW", column.code])
            label = _("Edit %(label)s") % {"label": column.label}
            after = piece('" aria-label="{}" data-pen>{}</a>', label, marks.icon("edit", "sm"))
            self.pens[column.code] = (address, after)
        address, after = self.pens[column.code]
        address = address.replace("ROW", row.public_id)
        plain = f"{address}?query={quote(self.query)}" if self.query else address
        return piece('<a class="cell-pen" href="{}" hx-get="{}', plain, address) + after


def _file(look: Look, row: RegisterRow) -> str:
    return f"{look.base}{row.public_id}/"


def _number(look: Look, row: RegisterRow) -> SafeString:
    return piece('<a href="{}">{}</a>', _file(look, row), row.number)


def _name(look: Look, row: RegisterRow) -> SafeString:
    gone = piece(' <span class="sub">{}</span>', _("Archived")) if row.archived else ""
    return piece(
        '<a class="main-cell" href="{}" tabindex="-1">{}<span>{}<span class="sub num only-small">{}</span>{}</span></a>',
        _file(look, row),
        marks.avatar(row.name),
        row.name or _("No name"),
        row.number,
        gone,
    )


def _class(look: Look, row: RegisterRow) -> Any:
    label = words.RFM_CLASSES.get(row.rfm_class, row.rfm_class)
    return marks.rfm_badge(row.rfm_class, label, row.rfm_cell) if row.rfm_class else _NONE


def _tags(look: Look, row: RegisterRow) -> SafeString:
    more = len(row.tags) - _TAGS_SHOWN
    shown = SafeString("".join([marks.tag(t.name, t.color) for t in row.tags[:_TAGS_SHOWN]]))
    rest = piece('<span class="faint">+{}</span>', more) if more > 0 else ""
    return piece("{}{}", shown, rest)


def _contact(look: Look, row: RegisterRow) -> SafeString:
    said = [("phone", _("Phone known"))] * row.has_phone + [("mail", _("E-mail known"))] * row.has_email
    signs = ((marks.icon(name, "sm"), label) for name, label in said)
    return format_html_join(" ", '{}<span class="visually-hidden">{}</span>', signs)


def _checked(look: Look, row: RegisterRow) -> Any:
    """How far the phone is verified: a shape and its words."""
    if not row.phone_state:
        return _NONE
    label = words.CHECKED.get(row.phone_state, row.phone_state)
    return marks.badge(label, words.CHECKED_TONES.get(row.phone_state, "neutral"), words.CHECKED_ICONS[row.phone_state])


def _day(read: Callable[[RegisterRow], Any]) -> Callable[[Look, RegisterRow], Any]:
    return lambda look, row: figures.day_html(read(row))


_INNER: dict[str, Callable[[Look, RegisterRow], Any]] = {
    "number": _number,
    "name": _name,
    "class": _class,
    "stage": lambda look, row: words.STAGES.get(row.stage, row.stage),
    "purchase": lambda look, row: words.PURCHASE_CLASSES.get(row.purchase_class, "") or _NONE,
    "lead_score": lambda look, row: piece('<span class="num">{}</span>', figures.number(row.lead_score)),
    "sex": lambda look, row: words.SEXES.get(row.sex, row.sex) or _NONE,
    "city": lambda look, row: row.city or row.province,
    "owner": lambda look, row: look.owners.get(row.owner_staff_id, "") if row.owner_staff_id else _NONE,
    "tags": _tags,
    "orders": lambda look, row: piece('<span class="num">{}</span>', figures.number(row.order_count)),
    "net": lambda look, row: piece('<span class="num">{}</span>', figures.money_text(row.net_cents, look.currency)),
    "last_order": _day(lambda row: row.last_order_at),
    "first_order": _day(lambda row: row.first_order_at),
    "contact": _contact,
    "phone_state": _checked,
    "source": lambda look, row: piece('<span class="faint">{}</span>', row.source_name),
    "created": _day(lambda row: row.created_at),
}

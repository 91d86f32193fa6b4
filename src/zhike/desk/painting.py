"""The cells of the register as HTML, made in code: a page has hundreds, and a template for each costs more than the list itself."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from zhike.customers.records import RegisterRow
from zhike.desk import words
from zhike.desk.columns import Column
from zhike.ui import figures, marks
from zhike.ui.pieces import html_of, piece

_NONE = SafeString('<span class="none">–</span>')
_TAGS_SHOWN = 3
_CLASSES = {
    "number": "num not-small", "name": "at-main", "owner": "cut", "tags": "tags-col", "orders": "num-col",
    "net": "num-col at-sum",
}  # fmt: skip
_CONTACTS = (("phone", {"": _lazy("Phone known")}), ("mail", {"": _lazy("E-mail known")}))
_NAMED_SMALL = ("orders", "last_order", "owner", "lead_score", "created")


@dataclass(frozen=True)
class Look:
    """What the cells of one page need beside their rows: texts that lie elsewhere, names, words, and what may be edited."""

    cells: Mapping[str, Mapping[int, str]]
    editable: Set[str]
    owners: Mapping[int, str]
    currency: str
    query: str
    base: str = field(default_factory=lambda: reverse("desk:register"))

    painters: dict[str, Callable[[RegisterRow], str]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def lines(self, rows: Sequence[RegisterRow], columns: Sequence[Column], *, selectable: bool) -> SafeString:
        """The lines of the list, each with the box that selects it where there is something to do with a selection."""
        cells = [self._painter(column) for column in columns]
        box = (
            '<td class="check-col"><input type="checkbox" class="form-check-input" name="selected" value="{}" form="bulk"'
            ' data-select aria-label="{}"></td>'
        )
        select = _("Select %(name)s")
        made = []
        for row in rows:
            head = piece(box, row.customer_id, select % {"name": row.number}) if selectable else ""
            inner = "".join([paint(row) for paint in cells])
            made.append(f'<tr data-row data-href="{escape(_file(self, row))}">{head}{inner}</tr>')
        return SafeString("".join(made))

    def cell(self, row: RegisterRow, column: Column) -> SafeString:
        """One cell, with the pen that opens it where it may be edited."""
        return SafeString(self._painter(column)(row))

    def word(self, said: Mapping[str, Any], code: str) -> str:
        """A code in words, escaped, read from the catalogue once a page; a code without words is itself."""
        key = f"{id(said)} {code}"
        if key not in self.words:
            self.words[key] = html_of(said.get(code, code))
        return self.words[key]

    def _painter(self, column: Column) -> Callable[[RegisterRow], str]:
        """What makes the cells of a column: all that is the same down the page is worked out once."""
        if column.code not in self.painters:
            self.painters[column.code] = self._made(column)
        return self.painters[column.code]

    def _made(self, column: Column) -> Callable[[RegisterRow], str]:
        texts = self.cells.get(column.code, {})
        inner_of = (
            _INNER[column.code] if column.lies == "card" else lambda look, row: texts.get(row.customer_id) or _NONE
        )
        look = _CLASSES.get(column.code, "" if column.lies == "card" else "cut")
        # Only numbers need their word there: a city or a class says what it is.
        named = piece(' data-label="{}"', column.label) if column.code in _NAMED_SMALL else ""
        # On a small screen, where a line is a card, nothing is said of a value that is not there.
        bare = f"{look} is-none".strip()
        pen = self._pen(column) if column.code in self.editable else None

        def paint(row: RegisterRow) -> str:
            inner = inner_of(self, row)
            dress = bare if inner is _NONE else look
            if pen:
                return f'<td class="{dress} cell-own"{named} data-cell>{html_of(inner)}{pen(row)}</td>'
            return f'<td class="{dress}"{named}>{html_of(inner)}</td>' if dress else f"<td>{html_of(inner)}</td>"

        return paint

    def _pen(self, column: Column) -> Callable[[RegisterRow], str]:
        head, _row, tail = escape(reverse("desk:cell", args=["ROW", column.code])).partition("ROW")
        query = escape(f"?query={quote(self.query)}") if self.query else ""
        label = _("Edit %(label)s") % {"label": column.label}
        after = piece('" aria-label="{}" data-pen>{}</a>', label, marks.icon("edit", "sm"))
        to_get = f'{tail}{query}" hx-get="{head}'
        return lambda row: f'<a class="cell-pen" href="{head}{row.public_id}{to_get}{row.public_id}{tail}{after}'


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
    if not row.rfm_class:
        return _NONE
    return marks.rfm_badge(row.rfm_class, SafeString(look.word(words.RFM_CLASSES, row.rfm_class)), row.rfm_cell)


def _tags(look: Look, row: RegisterRow) -> SafeString:
    more = len(row.tags) - _TAGS_SHOWN
    shown = SafeString("".join([marks.tag(t.name, t.color) for t in row.tags[:_TAGS_SHOWN]]))
    rest = piece('<span class="faint">+{}</span>', more) if more > 0 else ""
    return piece("{}{}", shown, rest)


def _contact(look: Look, row: RegisterRow) -> SafeString:
    known = [sign for sign, is_there in zip(_CONTACTS, (row.has_phone, row.has_email), strict=True) if is_there]
    pattern = '{}<span class="visually-hidden">{}</span>'
    return SafeString(
        " ".join([piece(pattern, marks.icon(name, "sm"), SafeString(look.word(said, ""))) for name, said in known])
    )


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
    "stage": lambda look, row: SafeString(look.word(words.STAGES, row.stage)),
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

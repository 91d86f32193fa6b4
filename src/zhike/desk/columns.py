"""The columns a register can show: those of the card, every open field of the file, and what other modules know.

Each names the field whose sight it needs; a column of a hidden field is not offered, and one's cells go through the sight
again when they are made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhike.customers import queries as customers
from zhike.desk.models import RegisterLayout, SavedView
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop import queries as shop


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field whose sight it needs, its sort, whether it holds figures, whether a cell may be edited in place.

    `lies` says where its cells come from: the card, the file's other values, or the goods bought.
    """

    code: str
    label: Any
    field: str = ""
    sort: str = ""
    is_number: bool = False
    is_first: bool = False  # shown unless a person chose otherwise
    edits: str = ""  # a field of the file, `owner` or `stage`
    lies: str = "card"  # card, file, goods

    @property
    def cls(self) -> str:
        """Who may see it: the class of its field, in words."""
        return str(fields.CLASS_LABELS[fields.field(self.field).cls]) if self.field else ""


_CARD = (
    Column("number", _("File number"), is_first=True),
    Column("name", _("Name"), "name", "name", is_first=True, edits="name"),
    Column("class", _("RFM class"), "rfm_class", "class", is_first=True),
    Column("stage", _("Stage"), "stage", edits="stage"),
    Column("purchase", _("Purchase class"), "purchase_class"),
    Column("lead_score", _("Lead score"), "lead_score", is_number=True),
    Column("sex", _("Sex"), "sex", edits="sex"),
    Column("city", _("City"), "city", is_first=True, edits="city"),
    Column("owner", _("Owner"), "owner", is_first=True, edits="owner"),
    Column("tags", _("Tags"), "tags", is_first=True),
    Column("orders", _("Orders"), "order_count", "orders", True, True),
    Column("net", _("Net amount"), "net_amount", "net", True, True),
    Column("last_order", _("Last order"), "last_order_at", "last_order", is_first=True),
    Column("first_order", _("First order"), "first_order_at"),
    Column("contact", _("Contacts known"), "phone"),
    Column("phone_state", _("Phone verified"), "phone"),
    Column("source", _("First source")),
    Column("created", _("On file since"), "", "created"),
)
ALWAYS = ("number", "name")
_HELD = frozenset(c.field for c in _CARD if c.field)


def all_columns() -> dict[str, Column]:
    """Every column there is, by code: the card's, what was bought, and the open fields of the catalogue."""
    made = list(_CARD)
    made += [Column(code, label, "order_lines", lies="goods") for code, label in shop.BOUGHT]
    made += [
        Column(f"file.{f.name}", f.label, f.name, edits=f.name, lies="file")
        for f in fields.catalogue()
        if f.is_stated and not f.sealed and not f.is_archived and f.name not in _HELD
    ]
    return {c.code: c for c in made}


def offered(viewer: Viewer) -> list[Column]:
    """The columns whose field the viewer may see, in any form; what was bought needs the right to orders too."""
    return [c for c in all_columns().values() if _may_see(viewer, c)]


def _may_see(viewer: Viewer, column: Column) -> bool:
    if column.lies == "goods" and not viewer.can("orders.view"):
        return False
    return not column.field or secure.sight(viewer, column.field) != "hidden"


def usual(viewer: Viewer) -> list[str]:
    """The columns of who has not chosen any."""
    return [c.code for c in offered(viewer) if c.is_first]


def chosen(viewer: Viewer, view: SavedView | None = None) -> list[Column]:
    """The columns to show, in order: those of the view, or what the person chose, or the usual ones."""
    may = {c.code: c for c in offered(viewer)}
    codes = view.columns if view and view.columns else None
    if codes is None:
        layout = RegisterLayout.objects.filter(staff_id=viewer.staff_id or 0).first()
        codes = layout.columns if layout else [c.code for c in may.values() if c.is_first]
    return [may[code] for code in dict.fromkeys((*ALWAYS, *codes)) if code in may]


def left_out(viewer: Viewer, view: SavedView) -> list[str]:
    """The names of a view's columns the viewer may not see; the names are no secret, what stands there is."""
    known, may = all_columns(), {c.code for c in offered(viewer)}
    return [str(known[code].label) for code in view.columns if code in known and code not in may]


def cells(viewer: Viewer, shown: Sequence[Column], customer_ids: Sequence[int]) -> dict[str, Mapping[int, str]]:
    """The texts of the columns that do not lie on the card, by column and customer: a few questions however many rows."""
    stated = {c.code: c.field for c in shown if c.lies == "file"}
    found = customers.stated_texts(viewer, customer_ids, list(stated.values())) if stated else {}
    made: dict[str, Mapping[int, str]] = {code: found.get(name, {}) for code, name in stated.items()}
    goods = [c.code for c in shown if c.lies == "goods"]
    return made | shop.bought(viewer, customer_ids, goods) if goods else made


def sortable(viewer: Viewer, column: Column) -> bool:
    """Whether the viewer may order the list by a column."""
    return bool(column.sort) and (not column.field or secure.sight(viewer, column.field) == "shown")


def views_for(viewer: Viewer) -> QuerySet[SavedView]:
    """The views a person can open: their own, their team's, and everybody's."""
    team = Q(shared_with="team", staff_id__in=viewer.team_staff_ids)
    return SavedView.objects.filter(Q(staff_id=viewer.staff_id or 0) | Q(shared_with="all") | team, removed_at=None)


def view_of(viewer: Viewer, public_id: str) -> SavedView | None:
    """A view the person can open."""
    return views_for(viewer).filter(public_id=public_id).first() if public_id else None

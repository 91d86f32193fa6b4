"""The columns a register can show, and the choice each person made."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.desk.models import RegisterLayout
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field whose sight it needs, its sort, and whether it holds figures."""

    code: str
    label: Any
    field: str = ""
    sort: str = ""
    is_number: bool = False
    is_first: bool = False  # shown unless a person chose otherwise


COLUMNS = {
    c.code: c
    for c in (
        Column("number", _("File number"), is_first=True),
        Column("name", _("Name"), "name", "name", is_first=True),
        Column("class", _("RFM class"), "rfm_class", "class", is_first=True),
        Column("stage", _("Stage"), "stage"),
        Column("sex", _("Sex"), "sex"),
        Column("city", _("City"), "city", is_first=True),
        Column("owner", _("Owner"), "owner", is_first=True),
        Column("tags", _("Tags"), "tags", is_first=True),
        Column("orders", _("Orders"), "order_count", "orders", True, True),
        Column("net", _("Net amount"), "net_amount", "net", True, True),
        Column("last_order", _("Last order"), "last_order_at", "last_order", is_first=True),
        Column("first_order", _("First order"), "first_order_at"),
        Column("contact", _("Contacts known"), "phone"),
        Column("source", _("First source")),
        Column("created", _("On file since"), "", "created"),
    )
}
ALWAYS = ("number", "name")


def offered(viewer: Viewer) -> list[Column]:
    """The columns whose field the viewer may see, in any form."""
    return [c for c in COLUMNS.values() if not c.field or secure.sight(viewer, c.field) != "hidden"]


def chosen(viewer: Viewer) -> list[Column]:
    """The viewer's columns in order: what they chose, or the usual ones."""
    may = {c.code: c for c in offered(viewer)}
    layout = RegisterLayout.objects.filter(staff_id=viewer.staff_id or 0).first()
    codes = layout.columns if layout else [c.code for c in may.values() if c.is_first]
    return [may[code] for code in dict.fromkeys((*ALWAYS, *codes)) if code in may]


def sortable(viewer: Viewer, column: Column) -> bool:
    """Whether the viewer may order the list by a column."""
    return bool(column.sort) and (not column.field or secure.sight(viewer, column.field) == "shown")

"""The columns an export may have for one viewer, and its rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhike.customers import queries as customers
from zhike.customers.records import RegisterRow
from zhike.desk import columns as register_columns
from zhike.desk import words
from zhike.desk.columns import Column
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter, OrderRow
from zhike.ui.zone import shop_zone


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export: its field in the catalogue decides whether it may leave. `read` gives a cell's text.

    `shown` is a column of the register whose cells do not lie on the card.
    """

    code: str
    label: Any
    field: str
    read: Callable[[Any], Any] | None = None  # None: a sealed field, which leaves as its mask
    is_number: bool = False
    shown: Column | None = None


def _money(cents: int | None) -> str:
    return "" if cents is None else f"{cents / 100:.2f}"


def _moment(at: Any) -> str:
    return f"{at.astimezone(shop_zone()):%Y-%m-%d %H:%M:%S}" if at else ""


_CUSTOMERS: tuple[ExportColumn, ...] = (
    ExportColumn("number", _("File number"), "number", lambda r: r.number),
    ExportColumn("name", _("Name"), "name", lambda r: r.name),
    ExportColumn("sex", _("Sex"), "sex", lambda r: words.SEXES.get(r.sex, r.sex)),
    ExportColumn("phone", _("Phone"), "phone"),
    ExportColumn("email", _("E-mail"), "email"),
    ExportColumn("province", _("Province"), "province", lambda r: r.province),
    ExportColumn("city", _("City"), "city", lambda r: r.city),
    ExportColumn("stage", _("Stage"), "stage", lambda r: words.STAGES.get(r.stage, r.stage)),
    ExportColumn("purchase", _("Purchase class"), "purchase_class", lambda r: r.purchase_class.upper()),
    ExportColumn("lead_score", _("Lead score"), "lead_score", lambda r: r.lead_score, is_number=True),
    ExportColumn("owner", _("Owner"), "owner", lambda r: r.owner_staff_id),
    ExportColumn("tags", _("Tags"), "tags", lambda r: "、".join(t.name for t in r.tags)),
    ExportColumn("orders", _("Orders"), "order_count", lambda r: r.order_count, is_number=True),
    ExportColumn("net", _("Net amount"), "net_amount", lambda r: _money(r.net_cents), is_number=True),
    ExportColumn("first_order", _("First order"), "first_order_at", lambda r: _moment(r.first_order_at)),
    ExportColumn("last_order", _("Last order"), "last_order_at", lambda r: _moment(r.last_order_at)),
    ExportColumn("class", _("RFM class"), "rfm_class", lambda r: words.RFM_CLASSES.get(r.rfm_class, r.rfm_class)),
    ExportColumn("source", _("First source"), "number", lambda r: r.source_name),
)
_ORDERS: tuple[ExportColumn, ...] = (
    ExportColumn("order", _("Order number"), "order_number", lambda o: o.number),
    ExportColumn("ordered_at", _("Ordered at"), "ordered_at", lambda o: _moment(o.ordered_at)),
    ExportColumn("kind", _("Kind"), "order_status", lambda o: shop.words.ORDER_KINDS.get(o.kind, o.kind)),
    ExportColumn("status", _("State"), "order_status", lambda o: shop.words.ORDER_STATES.get(o.status, o.status)),
    ExportColumn("currency", _("Currency"), "paid_amount", lambda o: o.currency),
    ExportColumn("total", _("Total"), "paid_amount", lambda o: _money(o.total_cents), is_number=True),
    ExportColumn("net", _("Net amount"), "paid_amount", lambda o: _money(o.net_cents), is_number=True),
    ExportColumn("items", _("Items"), "order_lines", lambda o: o.item_count, is_number=True),
    ExportColumn("customer", _("File number"), "number"),
)


def of(what: str, viewer: Viewer, more: Sequence[str] = ()) -> list[ExportColumn]:
    """The columns that may leave for a viewer: the field's export right, in the form the viewer sees it.

    `more` are codes of register columns to add to those of customers.
    """
    columns = [*_CUSTOMERS, *_chosen(viewer, more)] if what == "customers" else list(_ORDERS)
    return [c for c in columns if secure.may_export(viewer, c.field) and secure.sight(viewer, c.field) != "hidden"]


def _chosen(viewer: Viewer, codes: Sequence[str]) -> list[ExportColumn]:
    known = {c.code: c for c in register_columns.offered(viewer) if c.lies != "card"}
    return [
        ExportColumn(code, known[code].label, known[code].field, shown=known[code]) for code in codes if code in known
    ]


def labels(what: str, codes: Sequence[str]) -> list[str]:
    """The names of an export's columns, for whoever decides about it."""
    known = {c.code: str(c.label) for c in (_ORDERS if what == "orders" else _CUSTOMERS)}
    known |= {code: str(c.label) for code, c in register_columns.all_columns().items() if code not in known}
    return [known.get(code, code) for code in codes]


def customer_rows(viewer: Viewer, ids: Sequence[int], columns: Sequence[ExportColumn]) -> Iterator[list[str]]:
    """Rows of customers in ascending order of their ids; the same few questions however many columns lie elsewhere."""
    lines = customers.lines(viewer, ids)
    beside = {c.code: customers.masks_of(viewer, ids, c.field) for c in columns if c.read is None and c.shown is None}
    beside |= register_columns.cells(viewer, [c.shown for c in columns if c.shown], ids)  # type: ignore[arg-type]
    staff = secure.staff_names([r.owner_staff_id for r in lines.values() if r.owner_staff_id])
    for customer_id in ids:
        line = lines.get(customer_id)
        if line is not None:
            owner = staff.get(line.owner_staff_id or 0, "")
            cells = ((c, beside.get(c.code, {}).get(customer_id, "")) for c in columns)
            yield [owner if c.code == "owner" else _cell(c, line, other) for c, other in cells]


def order_rows(viewer: Viewer, wanted: OrderFilter, columns: Sequence[ExportColumn]) -> Iterator[list[str]]:
    """Rows of orders, newest first."""
    after = ""
    while True:
        page = shop.orders(viewer, wanted, after=after, limit=500)
        records = [o.source_record_id for o in page.rows if o.source_record_id is not None]
        owners = customers.customers_of_records(viewer, records)
        numbers = {i: line.number for i, line in customers.lines(viewer, set(owners.values())).items()}
        for order in page.rows:
            number = numbers.get(owners.get(order.source_record_id or 0, 0), "")
            yield [_cell(c, order, number) for c in columns]
        after = page.next_key
        if not after:
            return


def _cell(column: ExportColumn, row: RegisterRow | OrderRow, other: str) -> str:
    value = other if column.read is None else column.read(row)
    return "" if value is None else str(value)

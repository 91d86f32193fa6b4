"""What a cube is made of: its dimensions and measures, which facts tell of them, and the field whose sight each needs."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Of whom or what a dimension tells; every fact has a customer and a moment.
CUSTOMER, TIME, ORDER, PRODUCT, CONTACT = "customer", "time", "order", "product", "contact"
KINDS = {
    CUSTOMER: _("Customer"),
    TIME: _("Time"),
    ORDER: _("Order"),
    PRODUCT: _("Product"),
    CONTACT: _("Contact"),
}
ORDERS, LINES, CONTACTS = "orders", "lines", "contacts"
TOLD_BY = {
    ORDERS: {CUSTOMER, TIME, ORDER},
    LINES: {CUSTOMER, TIME, ORDER, PRODUCT},
    CONTACTS: {CUSTOMER, TIME, CONTACT},
}


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something facts are told apart by. `column` of `table` in the lake, or of the facts themselves; `deeper`: the next one."""

    code: str
    label: Any
    kind: str
    field: str = ""
    table: str = ""
    column: str = ""
    deeper: str = ""


@dataclass(frozen=True, slots=True)
class CubeMeasure:
    """A figure of a cell. `facts`: which tell it, the first that knows all dimensions; `how` and `column` as the library's.

    A rate has `over`: the measure it is divided by, `how` being the code of what is divided.
    """

    code: str
    label: Any
    facts: tuple[str, ...]
    how: str
    column: str = ""
    unit: str = "count"
    field: str = ""
    over: str = ""


def _named(*dimensions: Dimension) -> dict[str, Dimension]:
    return {dimension.code: dimension for dimension in dimensions}


_METRICS = "metrics"
DIMENSIONS = _named(
    Dimension("country", _("Country"), CUSTOMER, "country", "cards", "country", "province"),
    Dimension("province", _("Province"), CUSTOMER, "province", "cards", "province", "city"),
    Dimension("city", _("City"), CUSTOMER, "city", "cards", "city", "district"),
    Dimension("district", _("District"), CUSTOMER, "district", "cards", "district"),
    Dimension("kind", _("Kind"), CUSTOMER, "kind", "cards", "kind"),
    Dimension("stage", _("Stage"), CUSTOMER, "stage", "cards", "stage", "purchase_class"),
    Dimension("purchase_class", _("Purchase class"), CUSTOMER, "purchase_class", "cards", "purchase_class"),
    Dimension("owner", _("Owner"), CUSTOMER, "owner", "cards", "owner_staff_id"),
    Dimension("source", _("First source"), CUSTOMER, "", "cards", "first_source_id"),
    Dimension("rfm_class", _("RFM class"), CUSTOMER, "rfm_class", "rfm", "class_code"),
    Dimension("abc_class", _("ABC class"), CUSTOMER, _METRICS, "value", "abc_class"),
    Dimension("level", _("Level of the pyramid"), CUSTOMER, _METRICS, "value", "level"),
    Dimension("band", _("Still active?"), CUSTOMER, _METRICS, "lifetime", "band"),
    Dimension("risk_level", _("Risk to stay away"), CUSTOMER, _METRICS, "retention", "risk_level"),
    Dimension("year", _("Year"), TIME, deeper="quarter"),
    Dimension("quarter", _("Quarter"), TIME, deeper="month"),
    Dimension("month", _("Month"), TIME, deeper="day"),
    Dimension("week", _("Week"), TIME, deeper="day"),
    Dimension("day", _("Day"), TIME),
    Dimension("weekday", _("Day of the week"), TIME, deeper="hour"),
    Dimension("hour", _("Hour of the day"), TIME),
    Dimension("shop", _("Shop the order came from"), ORDER, "", "facts", "source_id"),
    Dimension("order_state", _("State of the order"), ORDER, "order_status", "facts", "status"),
    Dimension("order_kind", _("Kind of order"), ORDER, "order_status", "facts", "kind"),
    Dimension("category", _("Category"), PRODUCT, "order_lines", "products", "category", "product"),
    Dimension("brand", _("Brand"), PRODUCT, "order_lines", "products", "brand", "product"),
    Dimension("product", _("Product"), PRODUCT, "order_lines", "facts", "product_id"),
    Dimension("way", _("Way of contact"), CONTACT, "contact_records", "facts", "way", "outcome"),
    Dimension("outcome", _("Outcome"), CONTACT, "contact_records", "facts", "outcome"),
    Dimension("staff", _("Staff"), CONTACT, "contact_records", "facts", "staff_id"),
)


def _told(*measures: CubeMeasure) -> dict[str, CubeMeasure]:
    return {measure.code: measure for measure in measures}


_SOLD, _SPOKEN = (ORDERS, LINES), (CONTACTS,)
MEASURES = _told(
    CubeMeasure("net", _("Net amount"), (ORDERS,), "sum", "net_cents", "money", "net_amount"),
    CubeMeasure("orders", _("Orders"), _SOLD, "distinct", "counted_order"),
    CubeMeasure("customers", _("Customers who bought"), _SOLD, "distinct", "counted_customer"),
    CubeMeasure("per_order", _("Net amount per order"), (ORDERS,), "net", "", "money", "net_amount", "orders"),
    CubeMeasure("per_customer", _("Net amount per customer"), (ORDERS,), "net", "", "money", "net_amount", "customers"),
    CubeMeasure("goods", _("Sales of goods"), (LINES,), "sum", "amount_cents", "money", "net_amount"),
    CubeMeasure("items", _("Pieces"), (LINES,), "sum", "quantity", "count", "order_lines"),
    CubeMeasure("refunded", _("Refunded amount"), (ORDERS,), "sum", "refund_cents", "money", "net_amount"),
    CubeMeasure("refunds", _("Orders with a refund"), (ORDERS,), "sum", "is_refunded"),
    CubeMeasure(
        "refund_share", _("Share of orders with a refund"), (ORDERS,), "refunds", "", "share", "", "all_orders"
    ),
    CubeMeasure("all_orders", _("Orders of any kind"), (ORDERS,), "count"),
    CubeMeasure("contacts", _("Contacts"), _SPOKEN, "count", "", "count", "contact_records"),
    CubeMeasure("spoken_to", _("Customers in contact"), _SPOKEN, "distinct", "customer_id", "count", "contact_records"),
    CubeMeasure("minutes", pgettext_lazy("spent", "Minutes"), _SPOKEN, "sum", "minutes", "count", "contact_records"),
    CubeMeasure("contact_cost", _("Cost of contacts"), _SPOKEN, "sum", "cost_cents", "money", "contact_records"),
)

"""The sorts of the register and where a page begins: a value and a tie-break, never an offset."""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, Q

from zhike.customers.models import CustomerCard


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort the register offers: its code, the card's column, and whether that column may be empty."""

    code: str
    column: str
    nullable: bool = False


SORTS = {
    s.code: s
    for s in (
        Sort("created", "created_at"),
        Sort("name", "name_sort"),
        Sort("last_order", "last_order_at", nullable=True),
        Sort("orders", "order_count"),
        Sort("net", "net_cents"),
        Sort("class", "rfm_class"),
    )
}
DEFAULT = "-created"


@dataclass(frozen=True, slots=True)
class Order:
    """A sort with its direction; an address writes `net`, or `-net` from the greatest down."""

    sort: Sort
    descending: bool

    @property
    def text(self) -> str:
        """The order as an address writes it."""
        return ("-" if self.descending else "") + self.sort.code

    def reversed(self) -> "Order":
        """The same sort walked from the other end."""
        return Order(self.sort, not self.descending)


def parse_order(text: str) -> Order:
    """Read an address's order; anything unknown is the newest first."""
    code = text.removeprefix("-")
    if code not in SORTS:
        code, text = "created", DEFAULT
    return Order(SORTS[code], text.startswith("-"))


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in an order: its value (None where the column is empty) and its customer id."""

    value: Any
    customer_id: int

    def token(self, sort: Sort) -> str:
        """The place as an address carries it. A name never travels there: its place is the customer's id alone."""
        value = self.value.isoformat() if isinstance(self.value, dt.datetime) else self.value
        parts = [self.customer_id] if sort.column == "name_sort" else [self.customer_id, value]
        return base64.urlsafe_b64encode(json.dumps(parts, separators=(",", ":")).encode()).decode().rstrip("=")


def read_place(token: str, sort: Sort) -> Place | None:
    """Read a place from an address; a damaged one is None and the list begins at its top."""
    if not token or len(token) > 200:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        customer_id = int(parts[0])
        if not 0 < customer_id < 2**63:
            return None
        if sort.column == "name_sort":
            names = CustomerCard.objects.filter(customer_id=customer_id).values_list("name_sort", flat=True)
            return Place(names[0], customer_id) if names else None
        return Place(_value(parts[1], sort), customer_id)
    except (ValueError, TypeError, KeyError, IndexError):
        return None


def _value(stated: Any, sort: Sort) -> Any:
    if sort.column.endswith("_at"):
        if stated is None and sort.nullable:
            return None
        moment = dt.datetime.fromisoformat(stated)
        if moment.tzinfo is None:
            raise ValueError("a place in time names its zone")
        return moment
    if sort.column in {"order_count", "net_cents"}:
        number = int(stated)
        if not -(2**63) <= number < 2**63:
            raise ValueError("a number beyond 64 bits")
        return number
    return str(stated)


def beyond(order: Order, place: Place) -> Q:
    """Rows after a place, in a form an index can begin at: `x <= v AND (x < v OR id < i)`."""
    side = "lt" if order.descending else "gt"
    tie = Q(**{f"customer_id__{side}": place.customer_id})
    if place.value is None:
        return tie
    column = order.sort.column
    return Q(**{f"{column}__{side}e": place.value}) & (Q(**{f"{column}__{side}": place.value}) | tie)


class NotIndexed(Func):
    """A column the planner may not take from an index, so that a scan stays a scan (SQLite's unary plus)."""

    template = "+%(expressions)s"

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """PostgreSQL weighs the plans itself."""
        return super().as_sql(compiler, connection, template="%(expressions)s", **extra)


def order_by(order: Order, *, indexed: bool = True) -> list[Any]:
    """The ORDER BY of a page, tie-break included."""
    columns = [order.sort.column, "customer_id"]
    keys = [F(c) if indexed else NotIndexed(F(c)) for c in columns]
    return [k.desc() if order.descending else k.asc() for k in keys]


def by_id(order: Order) -> list[Any]:
    """The ORDER BY of a stretch whose column is empty throughout: the tie-break alone."""
    key = F("customer_id")
    return [key.desc() if order.descending else key.asc()]

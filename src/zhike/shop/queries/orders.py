"""Lists of orders: newest first, paged by place, kept to the customers a viewer may see."""

import base64
import datetime as dt
import json
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from zhike.customers import queries as customers
from zhike.customers.records import TimelinePlace
from zhike.kit import bulk
from zhike.secure.records import Viewer
from zhike.shop.models import DayTakings, Order
from zhike.shop.records import NobodysOrders, OrderFilter, OrderPage, OrderRow, Takings

CAP = 1001
_LAST_ID = 2**62
Place = tuple[dt.datetime, int]


def orders(viewer: Viewer, wanted: OrderFilter, *, after: str = "", before: str = "", limit: int = 50) -> OrderPage:
    """A page of orders, newest first. `after` and `before` are cursors an earlier page gave."""
    found = matching(viewer, wanted)
    backwards = bool(before) and not after
    place = _read_place(before if backwards else after)
    if place:
        found = found.filter(_beyond(place, descending=not backwards))
    keys = ("ordered_at", "id") if backwards else ("-ordered_at", "-id")
    page = list(found.order_by(*keys)[: limit + 1])
    more, page = len(page) > limit, page[:limit]
    if backwards:
        page.reverse()
    onward, back = (True, more) if backwards else (more, place is not None)
    return OrderPage(
        rows=tuple(row_of(o) for o in page),
        next_key=_token(page[-1]) if page and onward else "",
        previous_key=_token(page[0]) if page and back else "",
    )


def order_count(viewer: Viewer, wanted: OrderFilter, *, cap: int = CAP) -> tuple[int, bool]:
    """How many orders match, and whether counting stopped before `cap` (1,001 reads "1,000+")."""
    if wanted == OrderFilter() and customers.records_in_scope(viewer) is None:
        number = DayTakings.objects.aggregate(n=Sum("order_count"))["n"] or 0  # a row a day, and not one an order
    else:
        number = matching(viewer, wanted).order_by().values("id")[:cap].count()
    return min(number, cap - 1), number >= cap


def exact_order_count(viewer: Viewer, wanted: OrderFilter) -> int:
    """How many orders match, all of them; for jobs, not for pages."""
    return matching(viewer, wanted).count()


def matching(viewer: Viewer, wanted: OrderFilter) -> QuerySet[Order]:
    """Live orders in the viewer's scope that a filter keeps; orders of nobody are seen by viewers of all customers."""
    found = Order.objects.filter(current_version_id__isnull=False)
    within = customers.records_in_scope(viewer)
    if within is not None:
        found = found.filter(source_record_id__in=within)
    plain = {
        "status": wanted.status,
        "kind": wanted.kind,
        "source_id": wanted.source_id,
        "ordered_at__gte": wanted.at_from,
        "ordered_at__lte": wanted.at_to,
        "external_id": wanted.number,
        "no_customer_why": wanted.no_customer_why,
        "source_record_id__in": wanted.record_ids,
    }
    found = found.filter(**{name: value for name, value in plain.items() if value not in ("", None)})
    return found.filter(source_record_id__isnull=True) if wanted.without_customer else found


def orders_of(record_ids: Sequence[int], *, limit: int = 20, until: dt.datetime | None = None) -> list[OrderRow]:
    """The newest orders of a customer's records, up to a moment; ten thousand cost what ten cost."""
    before = TimelinePlace(until, "order", _LAST_ID) if until else None
    ids = customers.newest_ids(
        "shop_order", "ordered_at", "order", record_ids, before, limit, only="current_version_id IS NOT NULL"
    )
    found = Order.objects.filter(id__in=ids).order_by("-ordered_at", "-id")[:limit]
    return [row_of(o) for o in found]


def orders_since(record_ids: Sequence[int], moment: dt.datetime, *, limit: int = 20) -> tuple[int, list[OrderRow]]:
    """Orders of some records that nobody had stated before a moment: how many, and those placed last."""
    sql = (
        "SELECT o.id FROM shop_order o WHERE o.current_version_id IS NOT NULL AND "
        "(SELECT min(v.created_at) FROM shop_orderversion v WHERE v.order_id = o.id) > %s AND o.source_record_id IN {values}"
    )
    since = connection.ops.adapt_datetimefield_value(moment)
    ids = [order for (order,) in bulk.fetch_in(sql, record_ids, params=[since])]
    shown = Order.objects.filter(id__in=sorted(ids)[-limit:]).order_by("-ordered_at", "-id")
    return len(ids), [row_of(o) for o in shown]


def records_of_number(number: str) -> list[int]:
    """The source records whose orders bear a number, exactly as the shop wrote it."""
    found = Order.objects.filter(external_id=number.strip(), source_record_id__isnull=False)
    return sorted({r for r in found.values_list("source_record_id", flat=True)[:100] if r is not None})


def nobodys_orders() -> list[NobodysOrders]:
    """Orders without a customer by source and reason. They count in revenue and in no customer's figures."""
    found = (
        Order.objects.filter(source_record_id__isnull=True, current_version_id__isnull=False)
        .values("source_id", "no_customer_why", "currency")
        .annotate(n=Count("id"), net=Sum("net_cents"))
        .order_by("source_id", "no_customer_why", "currency")
    )
    return [NobodysOrders(r["source_id"], r["no_customer_why"], r["currency"], r["n"], r["net"]) for r in found]


def takings(since: dt.datetime, until: dt.datetime) -> list[Takings]:
    """Orders and revenue between two moments, per currency, the largest first: whole days from their sums, the rest by orders."""
    first, last = _day_from(since), until.astimezone(dt.UTC).date()
    if first >= last:
        return _sorted(_of_orders(since, until))
    days = (
        DayTakings.objects.filter(day__gte=first, day__lt=last)
        .values_list("currency")
        .annotate(n=Sum("sale_count"), net=Sum("net_cents"))
    )
    return _sorted([*_of_orders(since, _start(first)), *days, *_of_orders(_start(last), until)])


def _of_orders(since: dt.datetime, until: dt.datetime) -> list[tuple[str, int, int]]:
    if since >= until:
        return []
    found = Order.objects.filter(ordered_at__gte=since, ordered_at__lt=until, current_version_id__isnull=False)
    sums = found.values_list("currency").annotate(n=Count("id", filter=Q(kind="sale")), net=Sum("net_cents"))
    return [(currency, n, net) for currency, n, net in sums]


def _sorted(parts: Iterable[tuple[str, int, int]]) -> list[Takings]:
    added: dict[str, tuple[int, int]] = {}
    for currency, n, net in parts:
        held = added.get(currency, (0, 0))
        added[currency] = (held[0] + n, held[1] + int(net))
    lines = [Takings(currency, n, net) for currency, (n, net) in added.items()]
    return sorted(lines, key=lambda t: (-t.net_cents, t.currency))


def _day_from(moment: dt.datetime) -> dt.date:
    """The first day of universal time that begins at a moment or after it."""
    here = moment.astimezone(dt.UTC)
    return here.date() if here == _start(here.date()) else here.date() + dt.timedelta(days=1)


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, dt.UTC)


def newest_order_at() -> dt.datetime | None:
    """When the newest order was placed: the date of the data."""
    return (
        Order.objects.filter(current_version_id__isnull=False)
        .order_by("-ordered_at")
        .values_list("ordered_at", flat=True)
        .first()
    )


def sources_of(rows: Iterable[OrderRow]) -> dict[int, str]:
    """Names of the sources of some orders."""
    wanted = {r.source_id for r in rows}
    return {s.id: s.name for s in customers.sources(archived=True) if s.id in wanted}


def row_of(o: Order) -> OrderRow:
    """An order as lists show it."""
    return OrderRow(
        id=o.id,
        public_id=o.public_id,
        number=o.external_id,
        source_id=o.source_id,
        source_record_id=o.source_record_id,
        no_customer_why=o.no_customer_why,
        ordered_at=o.ordered_at,
        kind=o.kind,
        status=o.status,
        currency=o.currency,
        total_cents=o.total_cents,
        net_cents=o.net_cents,
        line_count=o.line_count,
        item_count=o.item_count,
    )


def _token(o: Order) -> str:
    text = json.dumps([o.ordered_at.isoformat(), o.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_place(token: str) -> Place | None:
    """A place from an address; a damaged one is None and the list begins at its top."""
    if not token or len(token) > 200:
        return None
    try:
        stated, order_id = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        moment = dt.datetime.fromisoformat(stated)
        return (moment, int(order_id)) if moment.tzinfo and 0 < int(order_id) < 2**63 else None
    except (ValueError, TypeError):
        return None


def _beyond(place: Place, *, descending: bool) -> Q:
    moment, order_id = place
    side = "lt" if descending else "gt"
    tie = Q(**{f"ordered_at__{side}": moment}) | Q(**{f"id__{side}": order_id})
    return Q(**{f"ordered_at__{side}e": moment}) & tie

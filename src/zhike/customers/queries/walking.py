"""Ways to a sorted page of cards, each with a bound on what it touches.

*ids*: when fewer than `FEW` cards match, they are fetched first and sorted. *along*: when all that is asked stands in the
sort's own index, that index alone is walked, to its end if need be. *walk*: else along the sort's index through the table,
looking at most at `WALK_ROWS` rows; what the index answers alone is the `stretch` to walk, and entries it turns away do not
count. When that met too few (the filter lies at the far end of the sort), the cards that match are fetched after all where an
index tells that they are no more than these; else *scan*: one pass over the table with a small top list and no index, which
costs the same whatever the filter.
"""

from collections.abc import Callable
from typing import NamedTuple

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.lookups import IsNull

from zhike.customers.models import CustomerCard
from zhike.customers.queries.keyset import NotIndexed, Order, Place, beyond, by_id, order_by

CAP = 1001  # counts stop here and read "1,000+"
FEW = 5000  # half a percent of a million: what is rarer is fetched first, what is not fills a page within `WALK_ROWS`
WALK_ROWS = 20_000
UNSEEN = ("values", "origins")  # wide columns no list shows


class Found(NamedTuple):
    """A page of cards, the way that found it, and how many there are in all where the way told."""

    cards: list[CustomerCard]
    plan: str
    total: int | None = None


Cards = Callable[[bool], QuerySet[CustomerCard]]  # given whether indexes may serve the filter


def page(
    cards: Cards,
    order: Order,
    place: Place | None,
    limit: int,
    *,
    stretch: Q | None = None,
    lies_along: bool = False,
    is_narrow: bool = False,
) -> Found:
    """`limit` cards after a place in an order, which way found them, and how many match in all where that is known.

    `lies_along`: the sort's own index holds all that is asked; `is_narrow`: some index does.
    """
    ids = some_ids(cards(True), FEW)
    if len(ids) < FEW:
        return Found(_of_ids(ids, order, place, limit), "ids", len(ids))
    if lies_along:
        return Found(_along(cards(False), order, place, limit), "along")
    near, whole = _near(cards(False), order, place, limit, stretch or Q())
    if whole or len(near) >= limit:
        return Found(near, "walk")
    if is_narrow:
        ids = some_ids(cards(True), WALK_ROWS + 1)
        if len(ids) <= WALK_ROWS:
            return Found(_of_ids(ids, order, place, limit), "ids", len(ids))
    return Found(straight(cards(False), order, place, limit, indexed=False), "scan")


def _of_ids(ids: list[int], order: Order, place: Place | None, limit: int) -> list[CustomerCard]:
    return straight(CustomerCard.objects.filter(customer_id__in=ids), order, place, limit, indexed=False)


def some_ids(cards: QuerySet[CustomerCard], limit: int) -> list[int]:
    """The ids of at most `limit` cards, in no order."""
    return list(cards.order_by().values_list("customer_id", flat=True)[:limit])


def straight(
    cards: QuerySet[CustomerCard], order: Order, place: Place | None, limit: int, *, indexed: bool = True
) -> list[CustomerCard]:
    """`limit` cards after a place; with `indexed` the sort's index is walked, which only an unfiltered list may do.

    Without it ids are sorted alone and their cards fetched afterwards: a sorter of whole rows costs five times as much.
    """
    found: list[CustomerCard] = []
    for part, start, is_empty in _parts(order, place, indexed=indexed):
        if len(found) < limit:
            rest = cards.filter(part, beyond(order, start) if start else Q())
            wanted = limit - len(found)
            if indexed:
                found += rest.defer(*UNSEEN).order_by(*order_by(order))[:wanted]
            else:
                keys = by_id(order) if is_empty else order_by(order, indexed=False)
                found += _cards_of(list(rest.order_by(*keys).values_list("customer_id", flat=True)[:wanted]))
    return found


def _cards_of(ids: list[int]) -> list[CustomerCard]:
    """Cards in the order of their ids given."""
    held = CustomerCard.objects.defer(*UNSEEN).in_bulk(ids)
    return [held[i] for i in ids if i in held]


def _along(cards: QuerySet[CustomerCard], order: Order, place: Place | None, limit: int) -> list[CustomerCard]:
    """A walk that reads ids from the index alone, and fetches the cards of those it keeps."""
    ids: list[int] = []
    for part, start, is_empty in _parts(order, place, indexed=True):
        if len(ids) < limit:
            rest = cards.filter(part, beyond(order, start) if start else Q())
            # PostgreSQL sees the order of an index only in its first column too, though that is empty throughout.
            keys = by_id(order) if is_empty and connection.vendor == "sqlite" else order_by(order)
            ids += rest.order_by(*keys).values_list("customer_id", flat=True)[: limit - len(ids)]
    return _cards_of(ids)


def _near(
    cards: QuerySet[CustomerCard], order: Order, place: Place | None, limit: int, stretch: Q
) -> tuple[list[CustomerCard], bool]:
    """What a walk of at most `WALK_ROWS` index entries finds, and whether it saw the list to its end."""
    found: list[CustomerCard] = []
    for part, start, _ in _parts(order, place, indexed=True):
        ahead = part & stretch & (beyond(order, start) if start else Q())
        end = _place_ahead(ahead, order)
        reach = ahead & (beyond(order.reversed(), end) if end else Q())
        found += cards.defer(*UNSEEN).filter(reach).order_by(*order_by(order))[: limit - len(found)]
        if len(found) >= limit or end:
            return found, False
    return found, True


def _place_ahead(ahead: Q, order: Order) -> Place | None:
    """The place `WALK_ROWS` entries on, read from the index alone; None when the list ends before it."""
    columns = (order.sort.column, "customer_id")
    rows = CustomerCard.objects.filter(ahead).order_by(*order_by(order)).values_list(*columns)
    there = rows[WALK_ROWS : WALK_ROWS + 1]
    return Place(*there[0]) if there else None


def _parts(order: Order, place: Place | None, *, indexed: bool) -> list[tuple[Q, Place | None, bool]]:
    """The stretches of a sort with where to begin in each, and whether the column is empty there.

    Empty ones stand last in a descending order; kept apart, since SQLite and PostgreSQL put NULL at opposite ends.
    """
    if not order.sort.nullable:
        return [(Q(), place, False)]
    column = F(order.sort.column) if indexed else NotIndexed(F(order.sort.column))
    stretches = [False, True] if order.descending else [True, False]
    if place is not None and stretches[0] != (place.value is None):
        stretches = stretches[1:]
    return [(Q(IsNull(column, empty)), place if n == 0 else None, empty) for n, empty in enumerate(stretches)]

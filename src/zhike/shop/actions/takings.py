"""What each day took in, kept with the orders: whoever writes orders does it inside of `kept`.

The sums of a day move by what the orders written were before and are after, so they are right whatever an import, its undo, or a
demo shop that leaves did; and they move in the same transaction, so no reader sees one without the other.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection

from zhike.kit import bulk

_DAYS = {
    "sqlite": "substr(ordered_at, 1, 10)",
    "postgresql": "to_char(ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
}
_SUMS = (
    "SELECT {day}, currency, count(*), sum(CASE WHEN kind = 'sale' THEN 1 ELSE 0 END), sum(net_cents) "
    "FROM shop_order WHERE current_version_id IS NOT NULL"
)
_MOVE = (
    "INSERT INTO shop_daytakings (day, currency, order_count, sale_count, net_cents) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (day, currency) DO UPDATE SET order_count = shop_daytakings.order_count + excluded.order_count, "
    "sale_count = shop_daytakings.sale_count + excluded.sale_count, net_cents = shop_daytakings.net_cents + excluded.net_cents"
)
Sums = dict[tuple[str, str], tuple[int, int, int]]  # (day, currency) → orders, sales, net cents


@contextmanager
def kept(order_ids: Iterable[int], *, new_ids: Iterable[int] = ()) -> Iterator[None]:
    """Around the writing of these orders, in its transaction; `new_ids` are orders that are not there before."""
    known = sorted(set(order_ids))
    if connection.vendor == "postgresql":
        # Nobody else may change the same orders between the two looks; SQLite has one writer anyway.
        list(bulk.fetch_in("SELECT id FROM shop_order WHERE id IN {values} ORDER BY id FOR UPDATE", known))
    before = _sums(known)
    yield
    _move(before, _sums([*known, *new_ids]))


def add_up() -> None:
    """Lay the sums of all days anew, from all orders: for those who laid orders down past `record_orders` (measurements, tests)."""
    sums = _SUMS.format(day=_DAYS[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shop_daytakings")
        cursor.execute(f"{sums} GROUP BY 1, 2")
        rows = [(day, currency, orders, sales, int(net)) for day, currency, orders, sales, net in cursor.fetchall()]
        cursor.executemany(_MOVE, rows)


def _sums(order_ids: Iterable[int]) -> Sums:
    sql = _SUMS.format(day=_DAYS[connection.vendor]) + " AND id IN {values} GROUP BY 1, 2"
    found: Sums = {}
    for day, currency, orders, sales, net in bulk.fetch_in(sql, order_ids):
        held = found.get((day, currency), (0, 0, 0))
        found[day, currency] = (held[0] + orders, held[1] + sales, held[2] + int(net))
    return found


def _move(before: Sums, after: Sums) -> None:
    nothing = (0, 0, 0)
    moved: list[tuple[str, str, int, int, int]] = []
    # In one order for everybody: two who write the same days wait for each other, and never both.
    for day, currency in sorted(before.keys() | after.keys()):
        was, now = before.get((day, currency), nothing), after.get((day, currency), nothing)
        if was != now:
            moved.append((day, currency, now[0] - was[0], now[1] - was[1], now[2] - was[2]))
    if not moved:
        return
    with connection.cursor() as cursor:
        cursor.executemany(_MOVE, moved)
        cursor.executemany(
            "DELETE FROM shop_daytakings WHERE day = %s AND currency = %s AND order_count = 0",
            [(day, currency) for day, currency, orders, *_ in moved if orders < 0],
        )

"""Holding files still while they are merged, moved or derived, so that nobody's work lands on a file that is no more."""

from collections.abc import Iterable

from django.db import connection

from zhike.kit import bulk, ids

_SPACE = "regrouping"
_ATTEMPTS = 10


class Unsettled(Exception):
    """The files asked for were merged and taken apart again and again while they were to be held; ask again."""


def one_at_a_time() -> None:
    """Let no other merge, taking apart or move run until the open transaction ends. Each takes milliseconds."""
    ids.take(_SPACE)  # its row is held until the transaction ends


def regroupings() -> int:
    """How many regroupings there have been: two equal answers say that no file was merged, taken apart or moved between them."""
    return ids.given(_SPACE)


def hold_roots(customer_ids: Iterable[int]) -> dict[int, int]:
    """{customer: its root now}; the roots' cards are locked until the open transaction ends, so they stay roots."""
    wanted = sorted(set(customer_ids))
    roots = _roots(wanted)
    if connection.vendor != "postgresql":
        return roots
    for _ in range(_ATTEMPTS):
        _lock(roots)
        now = _roots(wanted)
        if now == roots:
            return roots
        roots = now
    raise Unsettled


def _roots(customer_ids: list[int]) -> dict[int, int]:
    return dict(bulk.fetch_in("SELECT id, root_id FROM customers_customer WHERE id IN {values}", customer_ids))


def _lock(roots: dict[int, int]) -> None:
    ids = sorted(set(roots.values()))
    with connection.cursor() as cursor:
        for start in range(0, len(ids), 1000):
            some = ids[start : start + 1000]
            marks = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT customer_id FROM customers_customercard WHERE customer_id IN ({marks}) ORDER BY customer_id FOR UPDATE",
                some,
            )

"""Figures others compute and the card keeps: order counters from the shop, metrics from analysis."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection, transaction

from zhike.customers.actions.stages import follow_orders
from zhike.customers.records import OrderFigures
from zhike.kit import bulk, changes, clock
from zhike.kit.rows import moment

_BATCH = 1000
# Families whose classes the card carries too, so that lists filter by them: the card's columns, the figures' names, and what
# stands in a column of a customer without the figure.
_ON_CARD: dict[str, tuple[tuple[str, ...], tuple[str, ...], str | int]] = {
    "rfm": (("rfm_class", "rfm_cell"), ("class", "cell"), ""),
    "value": (("abc_class", "pyramid_level"), ("abc_class", "level"), ""),
    "lead": (("lead_rank",), ("rank",), 0),
}


def set_order_figures(figures: Iterable[OrderFigures]) -> int:
    """Lay order counters on cards, in batches of one short transaction each; a first order makes a current customer.

    Cards already in line are left alone, so that nothing is read into the lake without cause. Returns cards changed.
    """
    changed = 0
    rows = iter(figures)
    while batch := list(itertools.islice(rows, _BATCH)):
        present = _present([f.customer_id for f in batch])
        fresh = [f for f in batch if present.get(f.customer_id) not in (None, _key(f))]
        if fresh:
            changed += _lay(fresh, present)
    return changed


def _key(figures: OrderFigures) -> tuple[Any, ...]:
    return (figures.order_count, figures.net_cents, figures.first_order_at, figures.last_order_at)


def _present(customer_ids: list[int]) -> dict[int, tuple[Any, ...]]:
    sql = "SELECT customer_id, order_count, net_cents, first_order_at, last_order_at FROM customers_customercard WHERE customer_id IN {values}"
    return {
        row[0]: (row[1], row[2], moment(row[3]) if row[3] else None, moment(row[4]) if row[4] else None)
        for row in bulk.fetch_in(sql, customer_ids)
    }


def _lay(figures: list[OrderFigures], present: Mapping[int, tuple[Any, ...]]) -> int:
    at = clock.now()
    with transaction.atomic():
        seq = changes.next_seq()
        columns = ["order_count", "net_cents", "first_order_at", "last_order_at", "updated_at", "change_seq"]
        count = bulk.update_many(
            "customers_customercard", "customer_id", columns, ((f.customer_id, *_key(f), at, seq) for f in figures)
        )
        follow_orders(figures, present, seq)
    return count


def write_metrics(
    family: str, rows: Iterable[tuple[int, Mapping[str, Any]]], *, as_of: dt.date, run_id: int, batch: int = _BATCH
) -> int:
    """Replace a family of metrics by a run's: (customer, values) pairs, written in short batches; older ones then go.

    The card carries the classes of the families `rfm` and `value` too, so that lists filter by them. Returns customers written.
    """
    at, written = clock.now(), 0
    remaining = iter(rows)
    while chunk := list(itertools.islice(remaining, batch)):
        with transaction.atomic():
            _write_chunk(family, chunk, as_of, run_id, at)
        written += len(chunk)
    _forget_older(family, run_id, batch)
    return written


def _write_chunk(
    family: str, chunk: list[tuple[int, Mapping[str, Any]]], as_of: dt.date, run_id: int, at: dt.datetime
) -> None:
    ready = [(customer, family, dict(values), as_of, at, run_id) for customer, values in chunk]
    columns = ["values", "as_of", "computed_at", "run_id"]
    present = {
        c
        for (c,) in bulk.fetch_in(
            "SELECT customer_id FROM customers_metric WHERE family = %s AND customer_id IN {values}",
            [r[0] for r in ready],
            params=[family],
        )
    }
    bulk.update_many("customers_metric", ["customer_id", "family"], columns, [r for r in ready if r[0] in present])
    bulk.insert_many("customers_metric", ["customer_id", "family", *columns], [r for r in ready if r[0] not in present])
    if family in _ON_CARD:
        shown_in, names, empty = _ON_CARD[family]
        shown = ((customer, *(values.get(name, empty) for name in names)) for customer, values in chunk)
        bulk.update_many("customers_customercard", "customer_id", shown_in, shown)


def _forget_older(family: str, run_id: int, batch: int) -> None:
    """Customers the run no longer scores lose the figure: an old class must not look current."""
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT customer_id FROM customers_metric WHERE family = %s AND run_id <> %s LIMIT %s",
                [family, run_id, batch],
            )
            stale = [row[0] for row in cursor.fetchall()]
            if not stale:
                return
            marks = ", ".join(["%s"] * len(stale))
            cursor.execute(
                f"DELETE FROM customers_metric WHERE family = %s AND customer_id IN ({marks})", [family, *stale]
            )
            if family in _ON_CARD:
                shown_in, _, empty = _ON_CARD[family]
                emptied = ", ".join(f"{column} = %s" for column in shown_in)
                sql = f"UPDATE customers_customercard SET {emptied} WHERE customer_id IN ({marks})"
                cursor.execute(sql, [*[empty] * len(shown_in), *stale])

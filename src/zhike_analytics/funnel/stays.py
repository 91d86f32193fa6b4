"""From what was written down to stays: who was at which stage, from when to when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends import BaseBackend

# In order: target market 目标市场 → potential 潜在 → target 目标 → current 现有. Who has stopped (former 旧客户) is beyond them.
STAGES = ("target_market", "potential", "target", "current")


def entries(customers: Any, moves: Any, *, con: BaseBackend | None = None) -> ir.Table:
    """What is known of each customer's way, one row an entry into a stage: customer_id, stage, at, place (ties by it).

    ``customers``: customer_id, created_at, first_order_at (or null), stage (now). ``moves``: customer_id, move_id, moved_at,
    from_stage, to_stage: what people and rules decided. A first order makes a customer current by itself, so it is read off
    ``first_order_at`` and need not have been written down; whoever ordered before they were on file came in as current.
    """
    people, moved = table(customers, con), table(moves, con)
    order = ibis.window(group_by="customer_id", order_by=["moved_at", "move_id"])
    first = moved.mutate(nth=ibis.row_number().over(order))
    first = first.filter(first.nth == 0).select("customer_id", start="from_stage")
    began = people.left_join(first, "customer_id").drop("customer_id_right")
    bought = began.first_order_at.notnull()
    unmoved = ibis.ifelse(bought, "potential", began.stage)
    # A file begun at a stage of its own says so with its first move, whose `from_stage` is empty.
    start = began.start.fill_null(unmoved)
    start = ibis.ifelse((start == "current") & bought, "potential", start)
    began = began.mutate(start_stage=start)
    is_late = bought & (began.first_order_at <= began.created_at)
    started = began.filter((began.start_stage != "") & ~is_late.fill_null(False))
    ordered = began.filter(bought)
    parts = [
        started.select("customer_id", stage="start_stage", at="created_at", place=ibis.literal(0, "int64")),
        ordered.select(
            "customer_id", stage=ibis.literal("current"), at="first_order_at", place=ibis.literal(1, "int64")
        ),
        moved.semi_join(people, "customer_id").select(
            "customer_id", stage="to_stage", at="moved_at", place=(moved.move_id + 2).cast("int64")
        ),
    ]
    return ibis.union(*parts, distinct=False)


def stays(came: Any, *, as_of: date | str, con: BaseBackend | None = None) -> ir.Table:
    """One row a stay: customer_id, number (1 is the first), stage, entered_on, left_on, next_stage, days, is_left.

    ``came``: customer_id, stage, ``at`` (a day or a moment), and ``place`` to order what happened at once (default: the
    stage). Entries after ``as_of`` do not count; one into the stage somebody is at already is none. ``days`` are whole
    days up to the leaving or, where somebody is there still (``is_left`` false: censored), up to ``as_of``.
    """
    told = table(came, con)
    for name in ("customer_id", "stage", "at"):
        if name not in told.columns:
            raise MeasureProblem("funnel.column_missing", column=name)
    if "place" not in told.columns:
        told = told.mutate(place=told.stage)
    day = told["at"].cast("date")
    until = ibis.literal(str(as_of)).cast("date")
    told = told.select("customer_id", "stage", "place", "at", day=day).filter(
        told.customer_id.notnull() & (day <= until)
    )
    order = ibis.window(group_by="customer_id", order_by=["at", "place"])
    told = told.mutate(before=told.stage.lag().over(order))
    changed = told.filter(told.before.isnull() | (told.before != told.stage))
    order = ibis.window(group_by="customer_id", order_by=["at", "place"])
    held = changed.mutate(
        number=(ibis.row_number().over(order) + 1).cast("int64"),
        left_on=changed.day.lead().over(order),
        next_stage=changed.stage.lead().over(order),
    )
    ended = held.left_on.fill_null(until)
    return held.select(
        "customer_id", "number", "stage", "left_on", "next_stage", entered_on="day",
        days=ended.delta(held.day, unit="day").cast("int64"), is_left=held.left_on.notnull(),
    )  # fmt: skip

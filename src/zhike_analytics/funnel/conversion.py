"""Step by step: of those who came to a stage, how many went on to the next. By cohort of entry, never stock by stock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.funnel.stays import STAGES
from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Step:
    """One step of a funnel: how many came to ``stage``, how many of these went on, as a share (None of nobody)."""

    stage: str
    came: int
    went_on: int
    share: float | None


def reached(stayed: ir.Table, *, stages: Sequence[str] = STAGES, within_days: int | None = None) -> ir.Table:
    """One row a customer: entered_on (the cohort's day), entered_index, furthest_index, back_steps and, for each stage,
    ``at_<stage>``: the day on which it or one beyond it was first reached (null: not yet).

    Coming to a stage again does not count again; ``back_steps`` counts how often somebody went back. Stages that are not
    among ``stages`` (former) are passed over. Who enters at a later stage is no part of the steps before it. With
    ``within_days`` only what was reached within so many days of entry counts, so that young cohorts and old ones compare.
    """
    if len(stages) < 2 or len(set(stages)) != len(stages):
        raise MeasureProblem("funnel.bad_stages")
    index = ibis.cases(*((stayed.stage == name, place) for place, name in enumerate(stages)), else_=ibis.null("int64"))
    known = stayed.mutate(index=index.cast("int64"))
    known = known.filter(known["index"].notnull())
    order = ibis.window(group_by="customer_id", order_by="number")
    known = known.mutate(
        began=known.entered_on.min().over(ibis.window(group_by="customer_id")),
        first_index=known["index"].first().over(ibis.window(group_by="customer_id", order_by="number")),
        previous=known["index"].lag().over(order),
    )
    counted = ibis.literal(True)
    if within_days is not None:
        counted = known.entered_on.delta(known.began, unit="day") <= within_days
    days = {
        f"at_{name}": known.entered_on.min(where=(known["index"] >= place) & counted)
        for place, name in enumerate(stages)
    }
    return known.group_by("customer_id").aggregate(
        entered_on=known.began.min(),
        entered_index=known.first_index.min(),
        furthest_index=known["index"].max(where=counted),
        back_steps=(known["index"] < known.previous).sum().fill_null(0).cast("int64"),
        **days,
    )


def conversion(ways: ir.Table, *, stages: Sequence[str] = STAGES, by: str | None = None) -> ir.Table:
    """One row a group: group, customers and, for each stage, ``came_<stage>`` and ``on_<stage>`` (went on from it).

    ``ways`` is the table of :func:`reached`, joined with attributes of the customers; ``by`` names one of them (a column
    such as the month of entry). Without it there is one group, "all".
    """
    group = ibis.literal("all") if by is None else ways[by].cast("string").fill_null("unknown")
    held = ways.mutate(group=group)
    counts: dict[str, Any] = {}
    for place, name in enumerate(stages):
        came = held[f"at_{name}"].notnull() & (held.entered_index <= place)
        counts[f"came_{name}"] = came.sum().fill_null(0).cast("int64")
        if place + 1 < len(stages):
            went_on = came & held[f"at_{stages[place + 1]}"].notnull()
            counts[f"on_{name}"] = went_on.sum().fill_null(0).cast("int64")
    return held.group_by("group").aggregate(customers=held.count(), **counts).order_by("group")


def steps(row: Mapping[str, Any], *, stages: Sequence[str] = STAGES) -> list[Step]:
    """A row of :func:`conversion` as steps; the last stage is no step, it has only those who came to it."""
    found = []
    for name in stages[:-1]:
        came, went_on = int(row[f"came_{name}"]), int(row[f"on_{name}"])
        found.append(Step(name, came, went_on, went_on / came if came else None))
    return found


def overall(taken: Iterable[Step]) -> float | None:
    """The whole way: the product of the steps somebody stood before; None where nobody did.

    >>> overall([Step("lead", 1000, 200, 0.2), Step("interested", 200, 50, 0.25), Step("quoted", 50, 10, 0.2)])
    0.010000000000000002
    """
    shares = [step.share for step in taken if step.share is not None]
    return prod(shares) if shares else None

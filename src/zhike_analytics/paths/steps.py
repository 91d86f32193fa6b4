"""A funnel of steps: how far sessions come, and at which step they give up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.path_steps import Step

if TYPE_CHECKING:
    import ibis.expr.types as ir


def reached(acts: ir.Table, steps: list[Step]) -> ir.Table:
    """How far each session came that reached the first step: session_id, visitor_id, customer_id, began_at, is_open, step (the last
    one reached), place_1 … place_n (of the act that reached it; null: not reached). Steps are reached in their order, each
    by an act after that of the step before; other acts may lie between."""
    base = acts.group_by("session_id").aggregate(
        visitor_id=acts.visitor_id.min(),
        customer_id=acts.customer_id.max(),
        began_at=acts["at"].min(),
        is_open=acts.is_open.ifelse(1, 0).max() == 1,
    )
    for number, step in enumerate(steps, 1):
        met = acts.filter(_matches(acts, step)).select(met_session="session_id", met_place="place")
        if number > 1:
            before = base.select(before_session="session_id", before_place=f"place_{number - 1}")
            met = met.inner_join(before, met.met_session == before.before_session)
            met = met.filter(met.met_place > met.before_place)
        first = met.group_by("met_session").aggregate(**{f"place_{number}": met.met_place.min()})
        joined = base.inner_join if number == 1 else base.left_join
        base = joined(first, base.session_id == first.met_session).drop("met_session")
    came = sum(
        (base[f"place_{number}"].notnull().ifelse(1, 0) for number in range(2, len(steps) + 1)),
        ibis.literal(1),
    )
    return base.mutate(step=came.cast("int64")).order_by("session_id")


def abandonment(held: ir.Table, steps: list[Step]) -> list[dict[str, Any]]:
    """A row for each step of :func:`reached`: step (1 …), label, sessions, customers, went_on, open, gave_up, rate.

    A session that stopped at a step and is open has given up nothing: it stands in neither part of rate = gave_up ÷
    (sessions − open). Nobody gives up at the last step; its rate is null.
    """
    rows = held.group_by("step").aggregate(
        sessions=held.count(), open=held.session_id.count(where=held.is_open)
    ).to_pyarrow().to_pylist()  # fmt: skip
    known = {
        number: int(held.filter(held.step >= number).customer_id.nunique().to_pyarrow().as_py() or 0)
        for number in range(1, len(steps) + 1)
    }
    stopped = {row["step"]: row for row in rows}
    told, left = [], sum(row["sessions"] for row in rows)
    for number, step in enumerate(steps, 1):
        here = stopped.get(number, {"sessions": 0, "open": 0})
        is_last = number == len(steps)
        went_on = left - here["sessions"]
        gave_up = 0 if is_last else here["sessions"] - here["open"]
        judged = left - (0 if is_last else here["open"])
        told.append({
            "step": number, "label": step.label, "by": step.by, "what": step.what, "sessions": left,
            "customers": known[number], "went_on": 0 if is_last else went_on,
            "open": 0 if is_last else here["open"], "gave_up": gave_up,
            "rate": None if is_last or not judged else gave_up / judged,
        })  # fmt: skip
        left = went_on
    return told


def _matches(acts: ir.Table, step: Step) -> Any:
    if step.by == "mark":
        return acts.mark == step.what
    if step.by == "event":
        return acts.name.lower() == step.what.lower()
    bare = step.what.strip("*")
    starts, ends = step.what.startswith("*"), step.what.endswith("*")
    if starts and ends:
        return acts.path.contains(bare)
    if ends:
        return acts.path.startswith(bare)
    return acts.path.endswith(bare) if starts else acts.path == bare

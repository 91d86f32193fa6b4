"""The bridge 客户变动桥 between two periods: from the money of one to that of the other, and nothing left over.

Formula: ``after = before + new + returned + more − less − lost (+ credited)``, for money in cents and, without the last
three, for customers. Every customer stands in exactly one kind, so both sums are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import day_of, group_text, purchases, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import ibis.expr.types as ir

# In the order in which a bridge is drawn.
KINDS = ("new", "returned", "more", "same", "less", "lost", "credited")
Window = tuple["date | str", "date | str"]


def bridged(orders: Any, *, before: Window, after: Window, **columns: Any) -> ir.Table:
    """Per customer with anything in either period: customer_id, kind, before_cents, after_cents, change_cents.

    A period is (first day, last day), both included; ``before`` ends before ``after`` begins. Active in a period is who
    has a purchase in it (an order with a net above zero); the money is the net of all their orders, refunds included.

    kind: ``new`` (active after, no purchase ever before that), ``returned`` (active after, not before, but earlier or in
    between), ``lost`` (active before only), ``more``, ``less`` and ``same`` (active in both, by their money), and
    ``credited`` (active in neither: only something given back). Orders outside both periods decide between new and
    returned only. columns: as for ``purchases``.
    """
    first, last = _window(before)
    begins, ends = _window(after)
    if last >= begins:
        raise MeasureProblem("bridge.periods_overlap", before=str(last), after=str(begins))
    bought = purchases(orders, **columns)
    in_before = bought.day.between(ibis.date(first), ibis.date(last))
    in_after = bought.day.between(ibis.date(begins), ibis.date(ends))
    earlier = bought.day < ibis.date(begins)
    people = bought.group_by("customer_id").aggregate(
        before_cents=bought.net_cents.sum(where=in_before).fill_null(0).cast("int64"),
        after_cents=bought.net_cents.sum(where=in_after).fill_null(0).cast("int64"),
        was_active=(bought.counted & in_before).max(),
        is_active=(bought.counted & in_after).max(),
        was_known=(bought.counted & earlier).max(),
    )
    people = people.mutate(change_cents=people.after_cents - people.before_cents)
    return people.mutate(kind=_kind(people)).filter(
        people.was_active | people.is_active | (people.before_cents != 0) | (people.after_cents != 0)
    )["customer_id", "kind", "before_cents", "after_cents", "change_cents"]  # fmt: skip


def _window(period: Window) -> tuple[date, date]:
    first, last = day_of(period[0]), day_of(period[1])
    if first > last:
        raise MeasureProblem("bridge.period_backwards", first=str(first), last=str(last))
    return first, last


def _kind(people: ir.Table) -> ir.Value:
    both = people.was_active & people.is_active
    return ibis.cases(
        (both & (people.change_cents > 0), "more"),
        (both & (people.change_cents < 0), "less"),
        (both, "same"),
        (people.was_active, "lost"),
        (people.is_active & people.was_known, "returned"),
        (people.is_active, "new"),
        else_="credited",
    )


def bridge(
    orders: Any, *, before: Window, after: Window, by: str | None = None, customers: Any = None, **columns: Any
) -> ir.Table:
    """The bridge summed up: kind, customers, before_cents, after_cents, change_cents; one row for each kind there is.

    With ``by``, a column of ``customers`` (one row per ``customer_id``), a bridge for each group of it, column
    ``group``: geography, source, stage …; the groups' bridges add up to the whole.
    """
    people = bridged(orders, before=before, after=after, **columns)
    keys = ["kind"]
    if by is not None:
        named = table(customers, columns.get("con"))
        if by not in named.columns:
            raise MeasureProblem("composition.column_missing", column=by[:60])
        named = named.select(named_id=named.customer_id, group=group_text(named[by]))
        people = people.left_join(named, people.customer_id == named.named_id).drop("named_id")
        people = people.mutate(group=people.group.fill_null("unknown"))
        keys = ["group", "kind"]
    return people.group_by(keys).aggregate(
        customers=people.count(),
        before_cents=people.before_cents.sum().cast("int64"),
        after_cents=people.after_cents.sum().cast("int64"),
        change_cents=people.change_cents.sum().cast("int64"),
    ).order_by(keys)  # fmt: skip


def bridge_steps(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """A bridge as it is drawn, from the rows of :func:`bridge` (of one group, or without groups).

    ``{"before_cents", "after_cents", "before_customers", "after_customers", "steps"}``; a step for each kind in order:
    ``{"kind", "customers", "customers_change", "change_cents", "from_cents", "to_cents"}``. Raises MeasureProblem
    ``bridge.does_not_add_up`` where the steps do not lead from the one sum to the other.
    """
    held = {row["kind"]: row for row in rows}
    before = sum(row["before_cents"] for row in held.values())
    after = sum(row["after_cents"] for row in held.values())
    at, steps = before, []
    counts = {kind: held[kind]["customers"] if kind in held else 0 for kind in KINDS}
    for kind in KINDS:
        change = held[kind]["change_cents"] if kind in held else 0
        people = counts[kind] * {"new": 1, "returned": 1, "lost": -1}.get(kind, 0)
        steps.append({"kind": kind, "customers": counts[kind], "customers_change": people, "change_cents": change,
                      "from_cents": at, "to_cents": at + change})  # fmt: skip
        at += change
    stayed = counts["more"] + counts["less"] + counts["same"]
    if at != after:
        raise MeasureProblem("bridge.does_not_add_up", difference=at - after)
    return {
        "before_cents": before, "after_cents": after, "before_customers": stayed + counts["lost"],
        "after_customers": stayed + counts["new"] + counts["returned"], "steps": steps,
    }  # fmt: skip

"""The funnel of the whole base: ways through the stages, time in them, losses, pipeline, whose time goes where.

For the analysis child. The result file holds one row a customer, so that every figure can be opened.
"""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.rfm_recipe import counted_orders
from zhike.clean import queries as clean

if TYPE_CHECKING:
    import ibis.expr.types as ir

GROUPS = ("month", "source", "owner", "purchase_class")
MOST_GROUPS = 40
_BEFORE_SALE = ("target_market", "potential", "target")


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Write the result file and return every figure of the page."""
    from zhike_analytics import funnel

    _before, period = parameters.periods(as_of)
    people = people_of(lake)
    stayed = stays_of(lake, people, as_of=as_of, zone=zone).cache()
    _write(lake, _rows(lake, people, stayed, period, zone), path)
    rows = lake.read_result(path, "funnelled")
    cohort = rows.filter(rows.in_cohort)
    began = stayed.filter(stayed.entered_on.between(_day(period[0]), _day(period[1])))
    currency = counted_orders(lake, as_of=as_of, zone=zone)[1]["currency"]
    whole = _steps(cohort, None)
    told = {
        "currency": currency,
        "after": [day.isoformat() for day in period],
        "customers": int(rows.count().to_pyarrow().as_py()),
        "cohort": int(cohort.count().to_pyarrow().as_py()),
        "all": whole[0] if whole else None,
        "groups": {name: _steps(cohort, name) for name in GROUPS},
        "times": [asdict(time) for time in funnel.time_in_stage(began, stages=(*funnel.STAGES, "former"))],
        "losses": _losses(rows),
        "pipeline": _pipeline(rows),
        "time_use": _time_use(lake, rows, period, zone),
        "orders": {},
    }
    return {**told, "velocity": _velocity(told, cohort)}


def _day(day: dt.date) -> "ir.DateScalar":
    import ibis

    return ibis.date(day)


def people_of(lake: Lake) -> "ir.Table":
    """Every surviving customer: file, stage now, attributes, what is expected of them."""
    customers, cards = lake.table("customers"), lake.table("cards")
    roots = customers.filter(customers.customer_id == customers.root_id).select("customer_id", "number")
    amount = cards.stated.re_extract(r"\|expected_amount=([^|]*)", 1).nullif("").try_cast("float64")
    held = cards.select(
        "customer_id",
        "stage",
        "created_at",
        "first_order_at",
        "net_cents",
        "order_count",
        "lead_rank",
        purchase_class=cards.purchase_class.fill_null(""),
        source=cards.first_source_id,
        owner=cards.owner_staff_id,
        expected_cents=(amount * 100).round().cast("int64"),
    )
    return roots.inner_join(held, "customer_id").cache()


def stays_of(lake: Lake, people: "ir.Table", *, as_of: dt.date, zone: str) -> "ir.Table":
    """Who was at which stage from when to when, by the shop's clock; of a merged group the root's own moves.

    Where a merged group stands is what its root was of its own, moved by the orders of all: so is the way it came.
    """
    from zhike_analytics import funnel

    moves = lake.table("stage_moves")
    moved = moves.semi_join(people, "customer_id").select(
        "move_id", "from_stage", "to_stage", "customer_id", moved_at=lake.shop_time(moves.moved_at, zone)
    )
    files = people.select(
        "customer_id",
        "stage",
        created_at=lake.shop_time(people.created_at, zone),
        first_order_at=lake.shop_time(people.first_order_at, zone),
    )
    return funnel.stays(funnel.entries(files, moved), as_of=as_of)


def _rows(lake: Lake, people: "ir.Table", stayed: "ir.Table", period: tuple[dt.date, dt.date], zone: str) -> "ir.Table":
    """One row a customer, with the way taken, the last loss and the minutes given in the period."""
    import ibis

    from zhike_analytics import funnel

    ways = funnel.reached(stayed).rename(way_id="customer_id")
    rows = people.left_join(ways, people.customer_id == ways.way_id).drop("way_id")
    for table, key in ((_lost(lake, period, zone), "lost_id"), (_given(lake, period, zone), "given_id")):
        rows = rows.left_join(table, rows.customer_id == table[key]).drop(key)
    in_cohort = rows.entered_on.between(_day(period[0]), _day(period[1])) & (rows.entered_index < 3)
    named = ibis.ifelse(
        (rows.stage == "target") | (rows.purchase_class != ""),
        ibis.ifelse(rows.stage.isin(_BEFORE_SALE), "class_" + rows.purchase_class, rows.stage),
        rows.stage,
    )
    counted = {}
    for place, stage in enumerate(funnel.STAGES):
        came = rows[f"at_{stage}"].notnull() & (rows.entered_index <= place)
        counted[f"came_{stage}"] = came.fill_null(False)
        if place + 1 < len(funnel.STAGES):
            counted[f"on_{stage}"] = (came & rows[f"at_{funnel.STAGES[place + 1]}"].notnull()).fill_null(False)
    rows = rows.mutate(
        in_cohort=in_cohort.fill_null(False),
        month=rows.entered_on.truncate("M"),
        time_group=named,
        is_open=rows.stage.isin(_BEFORE_SALE),
        minutes=rows.minutes.fill_null(0),
        contacts=rows.contacts.fill_null(0),
        cost_cents=rows.cost_cents.fill_null(0),
        lost_reason=rows.lost_reason.fill_null(""),
        lost_from=rows.lost_from.fill_null(""),
        **counted,
    )
    order = [rows.lead_rank.desc(), rows.expected_cents.fill_null(0).desc(), rows.customer_id.asc()]
    return rows.mutate(rank=(ibis.row_number().over(ibis.window(order_by=order)) + 1).cast("int64"))


def _lost(lake: Lake, period: tuple[dt.date, dt.date], zone: str) -> "ir.Table":
    """The last move of the period that carries a reason, by root: lost_id, lost_reason, lost_from."""
    import ibis

    moves, customers = lake.table("stage_moves"), lake.table("customers").select("customer_id", "root_id")
    told = moves.filter(moves.reason != "").inner_join(customers, "customer_id")
    told = told.mutate(day=lake.shop_time(told.moved_at, zone).date())
    told = told.filter(told.day.between(_day(period[0]), _day(period[1])))
    order = ibis.window(group_by="root_id", order_by=[ibis.desc("moved_at"), ibis.desc("move_id")])
    told = told.mutate(nth=ibis.row_number().over(order))
    told = told.filter(told.nth == 0)
    return told.select(lost_id="root_id", lost_reason="reason", lost_from="from_stage")


def _contacts(lake: Lake, period: tuple[dt.date, dt.date], zone: str) -> "ir.Table":
    contacts = lake.table("contacts").inner_join(lake.roots(), "source_record_id")
    day = lake.shop_time(contacts.contacted_at, zone).date()
    return contacts.mutate(day=day).filter(day.between(_day(period[0]), _day(period[1])))


def _given(lake: Lake, period: tuple[dt.date, dt.date], zone: str) -> "ir.Table":
    """What was given to each customer in the period: given_id, minutes, contacts, cost_cents."""
    held = _contacts(lake, period, zone)
    return held.group_by(given_id="customer_id").aggregate(
        minutes=held.minutes.sum().cast("int64"), contacts=held.count(), cost_cents=held.cost_cents.sum().cast("int64")
    )


def _write(lake: Lake, rows: "ir.Table", path: Path) -> None:
    from zhike_analytics.purchases import group_text

    texts = {name: group_text(rows[name]) for name in ("source", "owner")}
    months = rows["month"].strftime("%Y-%m").fill_null("")
    draft = path.with_suffix(".new")
    # Kept first: a sum leaves the engine wider than 64 bits, and Parquet would make it a fraction.
    kept = rows.mutate(month=months, **texts).cache().order_by("rank")
    lake.engine.to_parquet(kept, str(draft), COMPRESSION="zstd")
    draft.replace(path)


def _steps(cohort: "ir.Table", by: str | None) -> list[dict[str, Any]]:
    """Groups with what came to each stage and went on, greatest first; the steps and the whole way."""
    from zhike_analytics import funnel

    found = funnel.conversion(cohort, by=by).to_pyarrow().to_pylist()
    found.sort(key=lambda row: row["group"] if by == "month" else (-row["customers"], row["group"]))
    shown = found[-MOST_GROUPS:] if by == "month" else found[:MOST_GROUPS]
    return [{**_told(row), "won": row["came_current"]} for row in shown]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    from zhike_analytics import funnel

    taken = funnel.steps(row)
    return {
        "group": row["group"],
        "customers": row["customers"],
        "steps": [asdict(step) for step in taken],
        "overall": funnel.overall(taken),
    }


def _losses(rows: "ir.Table") -> list[dict[str, Any]]:
    lost = rows.filter(rows.lost_reason != "")
    found = lost.group_by(["lost_reason", "lost_from"]).aggregate(customers=lost.count())
    told = [{**row, "customers": int(row["customers"])} for row in found.to_pyarrow().to_pylist()]
    return sorted(told, key=lambda row: (-row["customers"], row["lost_reason"], row["lost_from"]))


def _pipeline(rows: "ir.Table") -> list[dict[str, Any]]:
    from zhike_analytics import funnel

    waiting = rows.filter(rows.is_open).select("customer_id", "stage", amount_cents="expected_cents")
    found = funnel.pipeline(waiting, probabilities=clean.numbers().chances()).to_pyarrow().to_pylist()
    return sorted(found, key=lambda row: _BEFORE_SALE.index(row["group"]))


def _time_use(lake: Lake, rows: "ir.Table", period: tuple[dt.date, dt.date], zone: str) -> dict[str, Any]:
    """Minutes, contacts and cost of the period by class (or stage) against value; and by who gave them."""
    groups = rows.group_by("time_group").aggregate(
        customers=rows.count(),
        minutes=rows.minutes.sum().cast("int64"),
        contacts=rows.contacts.sum().cast("int64"),
        cost_cents=rows.cost_cents.sum().cast("int64"),
        expected_cents=rows.expected_cents.fill_null(0).sum().cast("int64"),
        net_cents=rows.net_cents.fill_null(0).sum().cast("int64"),
    )
    held = _contacts(lake, period, zone).select("customer_id", "minutes", staff="staff_id")
    held = held.inner_join(rows.select("customer_id", "time_group"), "customer_id")
    people = held.group_by(["staff", "time_group"]).aggregate(
        minutes=held.minutes.fill_null(0).sum().cast("int64"), contacts=held.count()
    )
    return {
        "groups": groups.order_by("time_group").to_pyarrow().to_pylist(),
        "staff": people.order_by(["staff", "time_group"]).to_pyarrow().to_pylist()[:400],
    }


def _velocity(told: dict[str, Any], cohort: "ir.Table") -> dict[str, Any]:
    """Open target customers × share won × mean amount expected ÷ median days from entry to the first order."""
    from zhike_analytics import funnel

    target = next((row for row in told["pipeline"] if row["group"] == "target"), None)
    step = told["all"]["steps"][2] if told["all"] else None
    won = cohort.filter(cohort.came_current & cohort.at_current.notnull())
    cycle = won.mutate(days=won.at_current.delta(won.entered_on, unit="day")).days.median().to_pyarrow().as_py()
    deal = target["amount_cents"] / target["known"] if target and target["known"] else None
    rate = step["share"] if step else None
    facts = {
        "opportunities": target["customers"] if target else 0,
        "win_rate": rate,
        "deal_cents": deal,
        "cycle_days": cycle,
    }
    known = rate is not None and deal is not None and cycle
    return {**facts, "cents_a_day": funnel.velocity(**facts) if known else None}

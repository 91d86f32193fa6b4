"""Lead scores: points for traits and acts, faded and capped; how good they were at telling winners; who is left alone."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.lists_recipe import LIST_SIZE
from zhike.analyze.segments.refreshing import folder_of
from zhike.clean import queries as clean
from zhike.customers.queries import segments
from zhike.secure.records import SYSTEM
from zhike.work import actions as work
from zhike.work.records import TaskOffer

if TYPE_CHECKING:
    import ibis.expr.types as ir

LOOK_BACK_DAYS = 90
_BEFORE_SALE = ("target_market", "potential", "target")


def scored(lake: Lake, *, as_of: dt.date, zone: str) -> "ir.Table":
    """customer_id, fit, behavior, score of everybody with any points, at the end of a day."""
    from zhike_analytics import funnel

    numbers = clean.numbers()
    return funnel.lead_scores(
        traits(lake),
        acts(lake, zone),
        as_of=as_of,
        fit_cap=numbers.fit_cap,
        behavior_cap=numbers.behavior_cap,
        half_life_days=numbers.half_life_days,
    )


def traits(lake: Lake) -> "ir.Table":
    """customer_id, part, points: members of the segments that bring points, as they were last counted."""
    import ibis

    found = []
    for part in clean.score_parts():
        held = segments.segment(SYSTEM, part.segment) if part.part == "fit" else None
        runs = segments.segment_runs(SYSTEM, part.segment, limit=1) if held else []
        path = results.result_path(folder_of(part.segment), runs[0].public_id) if runs else None
        if path is not None and path.exists():
            members = lake.read_result(path)
            found.append(members.select("customer_id", part=ibis.literal(part.id), points=ibis.literal(part.points)))
    empty = (
        lake.table("customers")
        .filter(False)
        .select("customer_id", part=ibis.literal(0, "int64"), points=ibis.literal(0, "int64"))
    )
    typed = [t.select("customer_id", part=t.part.cast("int64"), points=t.points.cast("int64")) for t in found]
    return ibis.union(empty, *typed, distinct=False) if typed else empty


def acts(lake: Lake, zone: str) -> "ir.Table":
    """customer_id, part, points, day: contacts that bring points."""
    import ibis

    held = lake.table("contacts").inner_join(lake.roots(), "source_record_id")
    held = held.mutate(day=lake.shop_time(held.contacted_at, zone).date())
    found = []
    for part in clean.score_parts():
        if part.part != "behavior":
            continue
        asked = [held[name] == getattr(part, name) for name in ("way", "outcome", "step") if getattr(part, name)]
        chosen = held.filter(*asked)
        found.append(
            chosen.select(
                "customer_id", "day", part=ibis.literal(part.id, "int64"), points=ibis.literal(part.points, "int64")
            )
        )
    nothing = held.filter(False).select(
        "customer_id", "day", part=ibis.literal(0, "int64"), points=ibis.literal(0, "int64")
    )
    return ibis.union(nothing, *found, distinct=False) if found else nothing


def metric_rows(lake: Lake, *, as_of: dt.date, zone: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody before the sale who has a rank: the score, or the place by size of demand.

    In the target market nobody has acted yet: there the size of demand ranks, from 1 to 100, and never below the score.
    """
    import ibis

    cards = lake.table("cards")
    leads = cards.filter(cards.stage.isin(_BEFORE_SALE))
    demand = leads.stated.re_extract(r"\|demand_size=([^|]*)", 1).nullif("").try_cast("float64")
    leads = leads.select("customer_id", "stage", demand=demand)
    known = leads.filter((leads.stage == "target_market") & (leads.demand > 0))
    order = ibis.window(order_by=[known.demand.asc(), known.customer_id.desc()])
    placed = known.select(placed_id="customer_id", place=(ibis.ntile(100).over(order) + 1).cast("int64"))
    points = scored(lake, as_of=as_of, zone=zone).rename(scored_id="customer_id")
    rows = leads.left_join(points, leads.customer_id == points.scored_id).drop("scored_id")
    rows = rows.left_join(placed, rows.customer_id == placed.placed_id).drop("placed_id")
    rank = ibis.greatest(rows.score.fill_null(0.0).round().cast("int64"), rows.place.fill_null(0))
    rows = rows.mutate(rank=rank)
    rows = (
        rows.filter(rows["rank"] > 0).select("customer_id", "fit", "behavior", "rank").order_by("customer_id").cache()
    )
    parts = _parts(lake, rows, as_of, zone)
    for batch in rows.to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            customer = row.pop("customer_id")
            said = {name: round(row[name] or 0) for name in ("fit", "behavior", "rank")}
            yield customer, {**said, "parts": parts.get(customer, {})}


def _parts(lake: Lake, rows: "ir.Table", as_of: dt.date, zone: str) -> dict[int, dict[str, int]]:
    """Of each customer the points every part brings today; only of those who have a rank."""
    import ibis

    numbers, wanted = clean.numbers(), rows.select("customer_id")
    done = acts(lake, zone)
    done = done.filter(done.day <= ibis.date(as_of))
    age = ibis.date(as_of).delta(done.day, unit="day").cast("float64")
    faded = done.mutate(
        worth=done.points.cast("float64") * (-age / float(numbers.half_life_days) * 0.6931471805599453).exp()
    )
    own = traits(lake)
    both = ibis.union(
        own.select("customer_id", "part", worth=own.points.cast("float64")),
        faded.select("customer_id", "part", "worth"),
        distinct=False,
    ).semi_join(wanted, "customer_id")
    sums = both.group_by(["customer_id", "part"]).aggregate(worth=both.worth.sum())
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in sums.to_pyarrow().to_pylist():
        if round(row["worth"]):
            found[row["customer_id"]][str(row["part"])] = round(row["worth"])
    return found


def calibrated(lake: Lake, stayed: "ir.Table", *, as_of: dt.date, zone: str) -> dict[str, Any]:
    """How well the score of ninety days ago told who would order since: tenths, AUC, lift of the top tenth."""
    import ibis

    from zhike_analytics import funnel

    then = as_of - dt.timedelta(days=LOOK_BACK_DAYS)
    day = ibis.date(then)
    there = stayed.filter(
        stayed.stage.isin(_BEFORE_SALE), stayed.entered_on <= day, stayed.left_on.isnull() | (stayed.left_on > day)
    )
    there = there.select("customer_id").distinct()
    won = stayed.filter((stayed.stage == "current") & (stayed.entered_on > day))
    won = won.select(won_id="customer_id").distinct()
    points = scored(lake, as_of=then, zone=zone).select(scored_id="customer_id", score="score")
    rows = there.left_join(points, there.customer_id == points.scored_id).drop("scored_id")
    rows = rows.left_join(won, rows.customer_id == won.won_id)
    rows = rows.select("customer_id", score=rows.score.fill_null(0.0), is_won=rows.won_id.notnull())
    return {"from_day": then.isoformat(), **asdict(funnel.calibration(rows.cache()))}


def offer_alone(lake: Lake, stayed: "ir.Table", *, as_of: dt.date, zone: str, run_id: int) -> dict[str, int]:
    """Leads nobody has spoken with for too long become tasks of their owners: target customers, and owned potential ones."""
    import ibis

    numbers, cards = clean.numbers(), lake.table("cards")
    here = stayed.filter(stayed.left_on.isnull()).select(here_id="customer_id", since="entered_on")
    rows = cards.inner_join(here, cards.customer_id == here.here_id)
    spoken = lake.shop_time(rows.last_contact_at, zone).date()
    last = ibis.greatest(rows.since, ibis.coalesce(spoken, rows.since))
    limit = ibis.ifelse(rows.stage == "target", numbers.alone_target_days, numbers.alone_potential_days)
    rows = rows.mutate(last=last, limit=limit, silent=ibis.date(as_of).delta(last, unit="day").cast("int64"))
    chosen = (rows.stage == "target") | ((rows.stage == "potential") & rows.owner_staff_id.notnull())
    rows = rows.filter(chosen, rows.silent >= rows["limit"])
    order = [ibis.desc("lead_rank"), ibis.desc("silent"), ibis.asc("customer_id")]
    names = ["customer_id", "owner_staff_id", "stage", "silent", "limit", "last"]
    found = rows.order_by(order).limit(LIST_SIZE * 10).select(*names).to_pyarrow().to_pylist()
    offers = [
        TaskOffer(
            about_id=row["customer_id"],
            rank=number,
            why_code="lead_alone",
            why_params={"silent_days": row["silent"], "limit_days": row["limit"], "stage": row["stage"]},
            owner_staff_id=row["owner_staff_id"],
            due_on=as_of,
            fact_at=dt.datetime.combine(row["last"], dt.time(), tzinfo=dt.UTC),
        )
        for number, row in enumerate(found, start=1)
    ]
    tally = work.offer_tasks("lead_alone", offers, run_id=run_id, limit=LIST_SIZE)
    return {name: getattr(tally, name) for name in tally.__slots__}

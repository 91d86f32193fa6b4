"""Paths and abandonment: where visitors come from and go, where they give up, what help changed. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.portrait_consent import REFUSED

if TYPE_CHECKING:
    import ibis.expr.types as ir

SILENCE_MINUTES = 30
_MOST = {"entries": 10, "named": 12, "transitions": 24, "ways": 12, "interest": 15, "exits": 15}
_NAMING = ("identify", "alias")
_RECENT_DAYS = 30


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Every figure of the page, and a row for each known customer who was seen in the period."""
    from zhike_analytics import paths

    if not lake.table("tracked_events").limit(1).count().to_pyarrow().as_py():
        return _nothing(lake, path)
    period, until = parameters.periods(as_of)[1], _until(lake, as_of, zone)
    events, left_out = _events(lake, period, zone)
    steps = paths.read_steps(parameters.steps)
    acts = paths.visited(events, silence_minutes=SILENCE_MINUTES, until=until).cache()
    held = paths.sessions(acts).cache()
    came, begun = paths.reached(acts, steps).cache(), paths.begun(acts).cache()
    _write(lake, held, came, begun, path, until=until, steps=len(steps), as_of=as_of, zone=zone)
    return {
        "currency": "",
        "orders": {},
        "after": [day.isoformat() for day in period],
        "until": until.replace(tzinfo=dt.UTC).isoformat(),
        **left_out,
        **_whole(held),
        "entries": _rows(paths.entries(held), "entries"),
        "named": _rows(_named(held), "named"),
        "transitions": _rows(paths.transitions(acts), "transitions"),
        "ways": _rows(paths.ways(acts), "ways"),
        "interest": _rows(paths.interest(acts), "interest"),
        "exits": _rows(paths.exits(acts), "exits"),
        "begun": _begun(begun),
        "steps": paths.abandonment(came, steps),
        "help": paths.helped(acts, came, steps),
    }


def _nothing(lake: Lake, path: Path) -> dict[str, Any]:
    """A shop without visits has an empty run, at the price of one question."""
    import pyarrow as pa

    names = ("customer_id", "sessions", "last_visit", "visits_30", "basket_left", "step", "stopped_at", "rank")
    results.write_numbered(lake, pa.table({name: pa.array([], pa.int64()) for name in names}), path, "seen")
    return {"currency": "", "orders": {}, "sessions": 0, "customers": 0}


def _until(lake: Lake, as_of: dt.date, zone: str) -> dt.datetime:
    """The end of the day of analysis, or when the data was read where that was earlier: naive UTC, like moments of the lake."""
    end = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    return min(end, lake.read_at).astimezone(dt.UTC).replace(tzinfo=None)


def _events(lake: Lake, period: tuple[dt.date, dt.date], zone: str) -> tuple["ir.Table", dict[str, Any]]:
    """Acts of the period with the customer they belong to; without those of customers who refuse to be profiled."""
    import ibis

    held, visitors, roots = lake.table("tracked_events"), lake.table("visitors"), lake.roots()
    pointed = visitors.inner_join(roots, "source_record_id").select(
        of_visitor="visitor_id", visitor_customer="customer_id"
    )
    named = roots.select(of_record="source_record_id", own_customer="customer_id")
    held = held.filter(~held.kind.isin(_NAMING))
    day = lake.shop_time(held.acted_at, zone).date()
    held = held.mutate(day=day).filter(day.between(ibis.date(period[0]), ibis.date(period[1])))
    held = held.left_join(named, held.source_record_id == named.of_record)
    held = held.left_join(pointed, held.visitor_id == pointed.of_visitor)
    # Who was named but is archived or erased is nobody; only acts that name nobody follow their visitor.
    held = held.mutate(
        customer_id=held.source_record_id.notnull().ifelse(held.own_customer, held.visitor_customer).cast("int64")
    )
    refused = _refusing(lake)
    held = held.left_join(refused, held.customer_id == refused.card_id)
    held = held.mutate(is_barred=held.card_id.notnull()).cache()
    count = held.aggregate(
        refused=held.event_id.count(where=held.is_barred),
        pages=held.event_id.count(where=held.kind.isin(["page", "screen"])),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    is_page = held.kind.isin(["page", "screen"])
    shown = (held.mark == "product").ifelse(
        (held.section == "/").ifelse("", held.section) + "/*", (held.path == "").ifelse(held.name, held.path)
    )
    # A site that tells of acts alone has ways through them.
    page = is_page.ifelse(shown, "") if count["pages"] else held.name
    told = held.filter(~held.is_barred).select(
        "event_id", "visitor_id", "customer_id", "path", "name", "section", "entry", "entry_name", "mark",
        at=held.acted_at, page=page,
    )  # fmt: skip
    return told, {"refused_acts": int(count["refused"]), "has_pages": bool(count["pages"])}


def _refusing(lake: Lake) -> "ir.Table":
    cards = lake.table("cards")
    is_refused = cards.consents.contains(REFUSED[0])
    for state in REFUSED[1:]:
        is_refused = is_refused | cards.consents.contains(state)
    return cards.filter(is_refused.fill_null(False)).select(card_id="customer_id")


def _whole(held: "ir.Table") -> dict[str, Any]:
    found = held.aggregate(
        sessions=held.count(),
        visitors=held.visitor_id.nunique(),
        customers=held.customer_id.nunique(),
        known=held.session_id.count(where=held.customer_id.notnull()),
        open=held.session_id.count(where=held.is_open),
        one_page=held.session_id.count(where=(held.pages <= 1) & ~held.is_open),
        ordered=held.session_id.count(where=held.ordered),
        helped=held.session_id.count(where=held.helped),
        seconds=held.seconds.mean(),
    )
    return dict(found.to_pyarrow().to_pylist()[0])


def _named(held: "ir.Table") -> "ir.Table":
    """Sites and campaigns by name, those that have one."""
    from zhike_analytics import paths

    told = held.filter(held.entry_name.fill_null("") != "")
    return paths.entries(told, by="entry_name")


def _rows(found: "ir.Table", what: str) -> list[dict[str, Any]]:
    return [dict(row) for row in found.limit(_MOST[what]).to_pyarrow().to_pylist()]


def _begun(begun: "ir.Table") -> list[dict[str, Any]]:
    found = begun.group_by("what").aggregate(
        sessions=begun.count(),
        finished=begun.session_id.count(where=begun.finished),
        open=begun.session_id.count(where=begun.is_open & ~begun.finished),
        customers=begun.customer_id.nunique(),
    )
    return [dict(row) for row in found.order_by("what").to_pyarrow().to_pylist()]


def _write(
    lake: Lake, held: "ir.Table", came: "ir.Table", begun: "ir.Table", path: Path, *, until: dt.datetime, steps: int,
    as_of: dt.date, zone: str,
) -> None:  # fmt: skip
    """A row a known customer: how often and when seen, how far they came, what they left. Kept as table `seen`."""
    import ibis

    known = held.filter(held.customer_id.notnull())
    first_recent = ibis.date(as_of - dt.timedelta(days=_RECENT_DAYS - 1))
    day = lake.shop_time(known.began_at, zone).date()
    known = known.mutate(day=day)
    people = known.group_by("customer_id").aggregate(
        sessions=known.count(),
        last_day=known.day.max(),
        visits_30=known.session_id.count(where=known.day >= first_recent),
        pages=known.pages.sum().cast("int64"),
        first_at=known.began_at.min(),
    )
    people = _with_entry(people, known)
    people = _with_step(people, came, steps)
    for what in ("basket", "form", "queue"):
        people = _with_left(lake, people, begun, what, zone)
    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    people = people.inner_join(numbers, people.customer_id == numbers.numbered_id).drop("numbered_id")
    order = [ibis.desc(people.last_day), ibis.desc(people.sessions), people.customer_id.asc()]
    ranked = people.mutate(
        last_visit=people.last_day.cast("string"),
        rank=(ibis.row_number().over(ibis.window(order_by=order)) + 1).cast("int64"),
    ).drop("last_day", "first_at")
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(ranked.cache().order_by("rank"), str(draft), COMPRESSION="zstd")
    draft.replace(path)
    lake.read_result(path, "seen")


def _with_entry(people: "ir.Table", known: "ir.Table") -> "ir.Table":
    """Where the first visit of the period came from; of two that began together the later by name."""
    first = known.select(seen_id="customer_id", seen_at="began_at", seen_entry="entry")
    joined = people.left_join(first, [people.customer_id == first.seen_id, people.first_at == first.seen_at])
    entry = joined.group_by(entry_id=joined.customer_id).aggregate(entry=joined.seen_entry.max())
    return people.left_join(entry, people.customer_id == entry.entry_id).drop("entry_id")


def _with_step(people: "ir.Table", came: "ir.Table", steps: int) -> "ir.Table":
    """`step`: the furthest of any session (0: none); `stopped_at`: where the newest such session gave up (0: it did not)."""
    mine = came.filter(came.customer_id.notnull())
    furthest = mine.group_by(step_id=mine.customer_id).aggregate(step=mine.step.max(), newest_at=mine.began_at.max())
    newest = mine.select(newest_id="customer_id", began="began_at", gave_up=_gave_up(mine, steps))
    joined = furthest.left_join(newest, [furthest.step_id == newest.newest_id, furthest.newest_at == newest.began])
    furthest = joined.group_by("step_id").aggregate(step=joined.step.max(), stopped_at=joined.gave_up.max())
    joined = people.left_join(furthest, people.customer_id == furthest.step_id).drop("step_id")
    return joined.mutate(step=joined.step.fill_null(0).cast("int64"), stopped_at=joined.stopped_at.fill_null(0))


def _gave_up(mine: "ir.Table", steps: int) -> "ir.IntegerColumn":
    """The step a session gave up at; 0 where it went the whole way or may still go on."""
    return ((mine.step < steps) & ~mine.is_open).ifelse(mine.step, 0).cast("int64")


def _with_left(lake: Lake, people: "ir.Table", begun: "ir.Table", what: str, zone: str) -> "ir.Table":
    """The day something was begun last and not finished, in any session since, nor by an order of the shop; null without."""
    mine = begun.filter((begun.what == what) & begun.customer_id.notnull())
    told = mine.group_by(left_id=mine.customer_id).aggregate(
        left_at=mine.began_at.max(where=~mine.finished & ~mine.is_open), done_at=mine.began_at.max(where=mine.finished)
    )
    stands = told.left_at.notnull() & (told.done_at.isnull() | (told.done_at < told.left_at))
    if what == "basket":
        orders = lake.orders_by_root(zone)
        bought = orders.group_by(buyer_id=orders.customer_id).aggregate(bought_at=orders.ordered_at.max())
        told = told.left_join(bought, told.left_id == bought.buyer_id)
        stands = told.left_at.notnull() & (told.done_at.isnull() | (told.done_at < told.left_at))
        stands = stands & (told.bought_at.isnull() | (told.bought_at < told.left_at))
    day = lake.shop_time(told.left_at, zone).date().cast("string")
    told = told.mutate(stands=stands.fill_null(False), left_day=day).filter(lambda t: t.stands)
    told = told.select("left_id", **{f"{what}_left": told.left_day})
    return people.left_join(told, people.customer_id == told.left_id).drop("left_id")


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody known who was seen, by customer id; after `compute`."""
    held = lake.table("seen").order_by("customer_id")
    names = ["sessions", "last_visit", "visits_30", "basket_left", "step", "stopped_at"]
    for batch in held.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row

"""RFM of the whole base: from the lake to a result file and the figures the page shows. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.parameters import MEASURES, RfmParameters

if TYPE_CHECKING:
    import ibis.expr.types as ir

_LETTERS = dict(zip(MEASURES, "rfm", strict=True))
_PLANES = (("r", "f"), ("r", "m"), ("f", "m"))
MOST_MOVED = 2000  # people kept behind one cell of the movement table


@dataclass(slots=True)
class RfmResult:
    """What a run found: figures for its row, and the result file. `purchases` is the table the lists stand on."""

    path: Path
    counts: dict[str, Any] = field(default_factory=dict)
    cuts: dict[str, Any] = field(default_factory=dict)


def counted_orders(
    lake: Lake, *, as_of: dt.date, zone: str, nobodys: bool = False, also: tuple[str, ...] = ()
) -> tuple["ir.Table", dict[str, Any]]:
    """The orders a measure stands on, and what was left out, by reason. With `nobodys`, those without a customer too;
    `also`: further columns of `Lake.orders_by_root` to carry along.

    In: every order of a known customer up to `as_of` in the currency most orders have. A cancellation or refund lowers
    the money; only an order with a positive net is a purchase. Out, and counted: orders of nobody, later orders, other
    currencies (cents of two currencies do not add up), bookkeeping adjustments.
    """
    asked = (as_of, zone, nobodys, also)
    if asked not in lake.counted:  # every measure of a night asks: counting a million orders is needed once
        lake.counted[asked] = _count_orders(lake, as_of, zone, nobodys, also)
    orders, counts = lake.counted[asked]
    return orders, dict(counts)


def _count_orders(
    lake: Lake, as_of: dt.date, zone: str, nobodys: bool, also: tuple[str, ...]
) -> tuple["ir.Table", dict[str, Any]]:
    import ibis

    everything = lake.table("orders")
    orders = lake.orders_by_root(zone, nobodys=nobodys)
    day = ibis.date(as_of)
    main = _main_currency(orders)
    late = orders.day > day
    other = orders.currency != main
    booked = orders.kind == "adjustment"
    found = orders.aggregate(
        of_customers=orders.count(),
        after_as_of=orders.count(where=late),
        other_currency=orders.count(where=other & ~late),
        adjustments=orders.count(where=booked & ~late & ~other),
        first_day=orders.day.min(),
        last_day=orders.day.max(where=~late),
    )
    counts = found.to_pyarrow().to_pylist()[0]
    nobody = everything.count(where=everything.source_record_id.isnull()).to_pyarrow().as_py()
    counts["without_customer"] = nobody
    counts["currency"] = main
    for name in ("first_day", "last_day"):
        counts[name] = counts[name].isoformat() if counts[name] else None
    kept = orders.filter(~late, ~other, ~booked)
    return kept.select("order_id", "customer_id", "day", "kind", "status", "net_cents", *also), counts


def _main_currency(orders: "ir.Table") -> str:
    import ibis

    by_currency = orders.group_by("currency").aggregate(n=orders.count())
    found = by_currency.order_by([ibis.desc("n"), "currency"]).limit(1).to_pyarrow().to_pylist()
    return found[0]["currency"] if found else ""


def compute(
    lake: Lake, parameters: RfmParameters, *, as_of: dt.date, zone: str, path: Path, before: Path | None
) -> RfmResult:
    """Score, write the result file, and gather every figure of the page. `before`: the result movement is measured from."""
    from zhike_analytics.rfm import rfm_run

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    since = parameters.since(as_of)
    run = rfm_run(
        orders,
        as_of=as_of,
        at="day",
        zone=zone,
        sorting=parameters.sorting,
        ties=parameters.ties,
        cut=parameters.cut,
        thresholds=parameters.thresholds or None,
        since=since,
        later="ignore",
        con=lake.engine,
    )
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(_with_numbers(lake, run.table), str(draft), COMPRESSION="zstd")
    draft.replace(path)
    scored = lake.read_result(path, "result")
    result = RfmResult(path, _figures(scored, run, left_out))
    result.counts["since"] = since.isoformat() if since else None
    result.cuts = {"points": run.cut_points, "classes": run.class_cuts}
    if before is not None and before.exists():
        result.counts["movement"] = _movement(lake, scored, before)
    return result


def _figures(scored: "ir.Table", run: Any, left_out: dict[str, Any]) -> dict[str, Any]:
    """Every figure of the page but movement, as JSON values."""
    return {
        "customers": run.customers,
        "scored": run.scored,
        "unscored": run.customers - run.scored,
        "orders": left_out,
        "currency": left_out["currency"],
        "classes": _classes(scored),
        "planes": {"".join(plane): _plane(scored, plane) for plane in _PLANES},
        "bins": {letter: _bins(scored, measure) for measure, letter in _LETTERS.items()},
        "net_cents": scored.monetary_cents.sum().to_pyarrow().as_py() or 0,
    }


def _with_numbers(lake: Lake, scored: "ir.Table") -> "ir.Table":
    """The file number beside the id: who downloads the result knows customers by it. The same order on every engine."""
    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    named = scored.left_join(numbers, scored.customer_id == numbers.numbered_id).drop("numbered_id")
    return named.order_by("customer_id")


def _classes(scored: "ir.Table") -> list[dict[str, Any]]:
    from zhike_analytics.rfm import rfm_summary

    return rfm_summary(scored).to_pyarrow().to_pylist()


def _plane(scored: "ir.Table", plane: tuple[str, str]) -> list[dict[str, Any]]:
    """The heat map of two scores: one entry for each cell somebody is in."""
    people = scored.filter(scored.r.notnull())
    groups = people.group_by(list(plane)).aggregate(
        customers=people.count(), monetary_cents=people.monetary_cents.sum().cast("int64")
    )
    return groups.order_by(list(plane)).to_pyarrow().to_pylist()


def _bins(scored: "ir.Table", measure: str) -> list[dict[str, Any]]:
    """Realized groups of one measure: score, how many, and the values they span."""
    letter = _LETTERS[measure]
    people = scored.filter(scored[letter].notnull())
    groups = people.group_by(score=people[letter]).aggregate(
        customers=people.count(), least=people[measure].min(), most=people[measure].max()
    )
    return groups.order_by("score").to_pyarrow().to_pylist()


def _movement(lake: Lake, scored: "ir.Table", before: Path) -> list[dict[str, Any]]:
    from zhike_analytics.rfm import movement

    earlier = lake.read_result(before, "earlier")
    return movement(earlier, scored).to_pyarrow().to_pylist()


def moved_people(lake: Lake) -> Iterator[tuple[int, str, str, int]]:
    """(customer, class before, class now, rank by money) of those whose class changed; after `compute` with `before`."""
    import ibis

    from zhike_analytics.rfm import moved

    scored = lake.table("result")
    changed = moved(lake.table("earlier"), scored)
    changed = changed.filter(changed.before != changed.after)
    worth = scored.select(person="customer_id", worth="monetary_cents")
    joined = changed.left_join(worth, changed.customer_id == worth.person)
    window = ibis.window(
        group_by=[joined.before, joined.after], order_by=[ibis.desc(joined.worth), joined.customer_id.asc()]
    )
    ranked = joined.mutate(rank=(ibis.row_number().over(window) + 1).cast("int64"))
    ranked = ranked.filter(ranked.rank <= MOST_MOVED).select("customer_id", "before", "after", "rank")
    for batch in ranked.to_pyarrow_batches(chunk_size=10_000):
        yield from zip(*(batch.column(i).to_pylist() for i in range(4)), strict=True)


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody who has a score, by customer id; after `compute`."""
    scored = lake.table("result")
    people = scored.filter(scored.r.notnull()).order_by("customer_id")
    names = ["recency_days", "frequency", "monetary_cents", "r", "f", "m", "cell", "segment10"]
    chosen = people.select("customer_id", "class_code", *names)
    for batch in chosen.to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            customer = row.pop("customer_id")
            yield customer, {"class": row.pop("class_code"), **row}

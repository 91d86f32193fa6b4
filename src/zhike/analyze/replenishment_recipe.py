"""Who will need what again soon, from the orders of the shop: figures, rows, and tasks for whoever acts on them. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.products_recipe import counted_lines
from zhike.analyze.rfm_recipe import counted_orders
from zhike.shop import queries as shop
from zhike.work import actions as work
from zhike.work.records import TaskOffer

if TYPE_CHECKING:
    import ibis.expr.types as ir

LEARNED_DAYS = 1095
LIST_SIZE = 200  # as of the other lists of the day
_CANDIDATES = 2000
_SHOWN_PRODUCTS = 20
_TITLE_LENGTH = 80


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Expect, try on the past, write down who is due; return every figure of the page."""
    from zhike_analytics.replenishment import backtest, due_soon, expected

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    within = int(parameters.within)
    lines = _bought(lake, orders, as_of).cache()
    told = expected(lines, as_of=as_of, category="category").cache()
    found = due_soon(_kept(told, lines, as_of), within_days=within)
    _write(lake, found, path)
    held = lake.table("needs")
    states = told.group_by("state").aggregate(n=told.count()).to_pyarrow().to_pylist()
    figures = held.aggregate(rows=held.count(), people=held.customer_id.nunique()).to_pyarrow().to_pylist()[0]
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "customers": int(lines.customer_id.nunique().to_pyarrow().as_py() or 0),
        "within": within,
        "pairs": int(told.count().to_pyarrow().as_py()),
        "consumables": int(told.product_id.nunique().to_pyarrow().as_py() or 0),
        "states": {row["state"]: int(row["n"]) for row in states},
        "rows": int(figures["rows"]),
        "people": int(figures["people"]),
        "products": _products(held),
        "tried": _tried(lines, as_of, within, backtest),
    }


def _bought(lake: Lake, orders: "ir.Table", as_of: dt.date) -> "ir.Table":
    """customer_id, product_id, day, quantity, category of goods of known customers, what came back with its minus."""
    import ibis

    since = ibis.date(as_of - dt.timedelta(days=LEARNED_DAYS))
    days = orders.filter(orders.day > since).select(day_order="order_id", day="day")
    lines = counted_lines(lake, orders)
    lines = lines.filter(lines.product_id.notnull() & lines.customer_id.notnull())
    named = lake.table("products").select(named_id="product_id", category="category")
    joined = lines.inner_join(days, lines.order_id == days.day_order)
    joined = joined.left_join(named, joined.product_id == named.named_id)
    return joined.select("customer_id", "product_id", "day", "quantity", "category")


def _kept(told: "ir.Table", lines: "ir.Table", as_of: dt.date) -> "ir.Table":
    """Without what is out of stock, and without what a customer has given back in the end."""
    net = lines.group_by(["customer_id", "product_id"]).aggregate(left=lines.quantity.sum())
    kept = told.semi_join(net.filter(net.left > 0), ["customer_id", "product_id"])
    empty = sorted(shop.out_of_stock(as_of))
    return kept.filter(~kept.product_id.isin(empty)) if empty else kept


def _write(lake: Lake, found: "ir.Table", path: Path) -> None:
    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    named = lake.table("products").select("sku", "title", named_id="product_id")
    rows = found.left_join(numbers, found.customer_id == numbers.numbered_id).drop("numbered_id")
    rows = rows.left_join(named, rows.product_id == named.named_id).drop("named_id")
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(rows.cache().order_by("rank"), str(draft), COMPRESSION="zstd")
    draft.replace(path)
    lake.read_result(path, "needs")


def _products(held: "ir.Table") -> list[dict[str, Any]]:
    """The products most will need."""
    import ibis

    counted = held.group_by(["product_id", "title"]).aggregate(
        customers=held.count(), usual_days=held.usual_gap_days.max()
    )
    rows = counted.order_by([ibis.desc("customers"), "product_id"]).limit(_SHOWN_PRODUCTS).to_pyarrow().to_pylist()
    return [{**row, "usual_days": round(row["usual_days"])} for row in rows]


def _tried(lines: "ir.Table", as_of: dt.date, within: int, backtest: Any) -> dict[str, Any] | None:
    """The list of a day in the past, held against what then happened; None where orders do not reach back far enough."""
    first = lines.day.min().to_pyarrow().as_py()
    split = as_of - dt.timedelta(days=max(within, 30))
    if first is None or (split - first).days < 60:
        return None
    figures = backtest(lines, split=split, within_days=within, category="category")
    return {"split": split.isoformat(), **figures} if figures["listed"] else None


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, what they will need first) of everybody who is due, by customer id; after `compute`."""
    for batch in _first_needs(lake).order_by("customer_id").to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            figures = {name: row[name] for name in ("product_id", "due_in_days", "gap_days", "silent_days", "basis")}
            yield row["customer_id"], {**figures, "due_day": row["due_day"].isoformat()}


def offer_needs(lake: Lake, *, as_of: dt.date, run_id: int) -> dict[str, int]:
    """Make the first need of each customer a task, with the customer's owner; returns what became of the offers."""
    owners = lake.table("cards").select(card_id="customer_id", owner="owner_staff_id")
    needs = _first_needs(lake)
    rows = needs.left_join(owners, needs.customer_id == owners.card_id).order_by("rank").limit(_CANDIDATES)
    offers = [
        TaskOffer(
            about_id=row["customer_id"],
            rank=place,
            why_code="need_soon",
            why_params={
                "product_id": row["product_id"],
                "product": (row["title"] or row["sku"] or "–")[:_TITLE_LENGTH],
                **{name: int(row[name]) for name in ("due_in_days", "silent_days", "gap_days")},
            },
            owner_staff_id=row["owner"],
            due_on=max(as_of, row["due_day"]),
            fact_at=dt.datetime.combine(row["last_day"], dt.time(), tzinfo=dt.UTC),
        )
        for place, row in enumerate(rows.to_pyarrow().to_pylist(), start=1)
    ]
    tally = work.offer_tasks("need_soon", offers, run_id=run_id, limit=LIST_SIZE)
    return {name: getattr(tally, name) for name in tally.__slots__}


def _first_needs(lake: Lake) -> "ir.Table":
    """Of each customer the need that comes first."""
    import ibis

    needs = lake.table("needs")
    first = needs.mutate(place=ibis.row_number().over(ibis.window(group_by=needs.customer_id, order_by=needs.rank)))
    return first.filter(first.place == 0)

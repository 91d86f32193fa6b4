"""Products of the whole shop: sales, margins, turnover, ratios and ABC. For the analysis child."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import CUTS, MeasureParameters
from zhike.analyze.rfm_recipe import counted_orders
from zhike.shop import queries as shop

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST_GROUPS = 40
# Orders that brought no money that stays; a cancellation stated as an order of its own counts with its minus.
_WITHOUT_REVENUE = ("unpaid", "closed", "cancelled")


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Measure every product sold in the period; write the result file and return every figure of the page."""
    import ibis

    from zhike_analytics.inequality import concentration
    from zhike_analytics.product_margins import coverage, product_measures
    from zhike_analytics.value_classes import abc_run, class_summary

    _before, period = parameters.periods(as_of)
    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone, nobodys=True)
    inside = orders.filter(orders.day.between(ibis.date(period[0]), ibis.date(period[1])))
    lines = counted_lines(lake, inside)
    measured = product_measures(lines, costs=unit_costs(period), stock=stock(period)).cache()
    value = "margin_cents" if parameters.basis == "margin" else "revenue_cents"
    asked = {"item": "product_id", "value": value}
    run = abc_run(
        measured, **asked, cuts=CUTS[parameters.cuts], boundary=parameters.boundary, ties=parameters.ties
    )  # fmt: skip
    _write(lake, measured, run.table, path)
    _write_buyers(lake, lines, results.result_path("product_buyers", path.stem))
    head = results.behind(path, {}, limit=results.PAGE_ROWS + 1)
    told = coverage(measured)
    classed = run.table.cache()
    stated = lines.aggregate(goods=lines.amount_cents.sum()).to_pyarrow().to_pylist()[0]["goods"]
    net = inside.aggregate(net=inside.net_cents.sum()).to_pyarrow().to_pylist()[0]["net"]
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "after": [day.isoformat() for day in period],
        "coverage": asdict(told),
        # What the page shows first lies with its figures: it opens no file, and loads nothing that reads one.
        "head": head,
        "classes": class_summary(classed).to_pyarrow().to_pylist(),
        "concentration": {"pareto_ratio": concentration(classed, item="item_id", value="value").pareto_ratio},
        "net_cents": told.revenue_cents,
        "composed": {name: _composed(lake, lines, name, period) for name in ("category", "brand")},
        # Postage, refunds and amounts of whole orders belong to no product.
        "outside_products_cents": int(net or 0) - int(stated or 0),
    }


def _composed(
    lake: Lake, lines: "ir.Table", attribute: str, period: tuple[dt.date, dt.date]
) -> list[dict[str, Any]]:  # fmt: skip
    """Sales and margin by what the catalogue says of products; nothing where it says nothing of any."""
    from zhike_analytics.product_margins import margins
    from zhike_analytics.purchases import group_text

    named = lake.table("products")
    named = named.select(named_id=named.product_id, group=group_text(named[attribute]))
    joined = lines.left_join(named, lines.product_id == named.named_id)
    joined = joined.mutate(group=joined.group.fill_null("unknown"))
    rows = margins(joined, by="group", costs=unit_costs(period)).to_pyarrow().to_pylist()
    rows.sort(key=lambda row: (-row["revenue_cents"], row["item_id"]))
    return [] if {row["item_id"] for row in rows} <= {"unknown"} else rows[:MOST_GROUPS]


def counted_lines(lake: Lake, orders: "ir.Table") -> "ir.Table":
    """Goods lines of these orders that brought revenue: customer_id, order_id, product_id, quantity, amount_cents."""
    lines = lake.table("order_lines")
    paid = orders.filter(~((orders.kind == "sale") & orders.status.isin(_WITHOUT_REVENUE)))
    goods = lines.filter(lines.kind == "goods").select("order_id", "product_id", "quantity", "amount_cents")
    paid = paid.select("customer_id", paid_id="order_id")
    joined = goods.inner_join(paid, goods.order_id == paid.paid_id)
    # A cancellation may state its pieces with a plus and its money with a minus: pieces then came back.
    back = (joined.amount_cents < 0) & (joined.quantity > 0)
    return joined.select(
        "customer_id", "order_id", "product_id", "amount_cents", quantity=back.ifelse(-joined.quantity, joined.quantity)
    )


def unit_costs(period: tuple[dt.date, dt.date]) -> "ir.Table":
    """product_id and unit_cost_cents: the newest price known by the end of the period, else the first known after it."""
    found = shop.unit_costs(period[1])
    return _told({"product_id": [p for p, _ in found], "unit_cost_cents": [c for _, c in found]})


def stock(period: tuple[dt.date, dt.date]) -> "ir.Table":
    """product_id, opening_cents, closing_cents at cost: the newest count before the period, and the newest within it."""
    found = shop.stock_values(*period)
    names = ("product_id", "opening_cents", "closing_cents")
    return _told({name: [row[place] for row in found] for place, name in enumerate(names)})


def _told(columns: dict[str, list[int]]) -> "ir.Table":
    import ibis
    import pyarrow as pa

    return ibis.memtable(pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()}))


def _write(lake: Lake, measured: "ir.Table", classed: "ir.Table", path: Path) -> None:
    """Sorted by rank, with code, title and class."""
    import ibis

    named = lake.table("products").select("sku", "title", "source_id", named_id="product_id")
    places = classed.select("abc_class", "cumulative_share", placed_id="item_id")
    rows = measured.left_join(named, measured.product_id == named.named_id)
    rows = rows.left_join(places, rows.product_id == places.placed_id).drop("named_id", "placed_id")
    order = ibis.window(order_by=[ibis.desc("revenue_cents"), ibis.asc("product_id")])
    rows = rows.mutate(rank=(ibis.row_number().over(order) + 1).cast("int64"))
    draft = path.with_suffix(".new")
    # Kept first: a sum leaves the engine wider than 64 bits, and Parquet would make it a fraction.
    lake.engine.to_parquet(rows.cache().order_by("rank"), str(draft), COMPRESSION="zstd")
    draft.replace(path)


def _write_buyers(lake: Lake, lines: "ir.Table", path: Path) -> None:
    """Who bought each product, for how much: sorted by product, so that one is found without reading the others."""
    import ibis

    known = lines.filter(lines.customer_id.notnull())
    found = known.group_by(["product_id", "customer_id"]).aggregate(
        bought_cents=known.amount_cents.sum().cast("int64"), quantity=known.quantity.sum().cast("int64")
    )
    order = [ibis.desc("bought_cents"), ibis.asc("customer_id")]
    window = ibis.window(group_by="product_id", order_by=order)
    found = found.mutate(rank=(ibis.row_number().over(window) + 1).cast("int64"))
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(found.cache().order_by(["product_id", "rank"]), str(draft), COMPRESSION="zstd")
    draft.replace(path)

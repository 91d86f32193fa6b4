"""Products that go together: rules, bundles and the net of the strongest ties, over the orders of a period. For the analysis child."""

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.products_recipe import counted_lines
from zhike.analyze.rfm_recipe import counted_orders

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from zhike_analytics.association import FrequentSets

FEWEST_BASKETS = 5  # of a set, whatever the share: fewer say nothing
MOST_ITEMS = 3  # of a rule: two on the left are as many as anybody acts on
LARGEST_BASKET = 100  # different products; what a wholesaler orders joins everything with everything
MOST_RULES = 5000
_MOST_SETS = 300_000
_MOST_LINKS = 40
_MOST_BUNDLES = 8


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Find sets, rules and bundles; write the rules and who bought what; return every figure of the page."""
    import ibis

    from zhike_analytics.association import frequent_sets, rules
    from zhike_analytics.problem import MeasureProblem

    _before, period = parameters.periods(as_of)
    by_order = parameters.basket == "order"
    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone, nobodys=by_order)
    if by_order:  # a basket of nobody known is a basket
        left_out = {**left_out, "without_customer": 0}
    inside = orders.filter(orders.day.between(ibis.date(period[0]), ibis.date(period[1])))
    lines = _bought(lake, inside, by_order=by_order).cache()
    counts: dict[str, Any] = {
        "currency": left_out["currency"],
        "orders": left_out,
        "after": [day.isoformat() for day in period],
        **_baskets(lines),
    }
    try:
        sets = frequent_sets(
            lines, basket="basket", item="product_id", support=parameters.support, floor=FEWEST_BASKETS,
            most_items=MOST_ITEMS, largest_basket=LARGEST_BASKET, most_sets=_MOST_SETS,
        )  # fmt: skip
    except MeasureProblem as problem:
        _write(lake, [], path)
        return {**counts, "refused": problem.code, "rows": 0, "found": 0}
    found = rules(sets, confidence=float(parameters.confidence), min_lift=1.0).cache()
    return {**counts, **_figures(lake, lines, sets, found, path)}


def _figures(lake: Lake, lines: "ir.Table", sets: "FrequentSets", found: "ir.Table", path: Path) -> dict[str, Any]:
    """Write the rules and who bought what; the figures of the page."""
    rows = found.limit(MOST_RULES).to_pyarrow().to_pylist()
    named = _named(lake, sets)
    told = _told(rows, named, sets.baskets)
    _write(lake, told, path)
    _write_buyers(lake, lines, rows, results.result_path("association_buyers", path.stem))
    return {
        "baskets": sets.baskets,
        "least": sets.least,
        "sets": list(sets.sizes()),
        "rows": len(told),
        "found": int(found.count().to_pyarrow().as_py()),
        # What the page shows first lies with its figures: it opens no file.
        "head": told[: results.PAGE_ROWS + 1],
        "bundles": _bundles(sets, lines, named),
        "net": _net(sets, named),
    }


def _bought(lake: Lake, orders: "ir.Table", *, by_order: bool) -> "ir.Table":
    """basket, product_id, customer_id, quantity, amount_cents: what was bought and not given back within the basket."""
    lines = counted_lines(lake, orders).filter(lambda t: t.product_id.notnull())
    lines = lines.mutate(basket=lines.order_id if by_order else lines.customer_id)
    held = lines.filter(lines.basket.notnull()).group_by(["basket", "product_id", "customer_id"])
    found = held.aggregate(
        quantity=lambda t: t.quantity.sum().cast("int64"), amount_cents=lambda t: t.amount_cents.sum().cast("int64")
    )
    return found.filter((found.quantity > 0) & (found.amount_cents >= 0))


def _baskets(lines: "ir.Table") -> dict[str, int]:
    """How many baskets there are, with several products, and too wide to say anything."""
    sizes = lines.group_by("basket").aggregate(size=lines.count())
    row = sizes.aggregate(
        baskets=sizes.count(), several=(sizes["size"] > 1).sum(), wide=(sizes["size"] > LARGEST_BASKET).sum()
    )
    return {name: int(value or 0) for name, value in row.to_pyarrow().to_pylist()[0].items()}


def _named(lake: Lake, sets: "FrequentSets") -> dict[int, tuple[str, str]]:
    """product → (merchant code, title) of those that are bought often enough."""
    products = lake.table("products")
    known = products.semi_join(sets.codes, products.product_id == sets.codes["item"])
    rows = known.select("product_id", "sku", "title").to_pyarrow().to_pylist()
    return {row["product_id"]: (row["sku"] or "", row["title"] or row["sku"] or "–") for row in rows}


def _title(named: dict[int, tuple[str, str]], product: int) -> str:
    return named.get(product, ("", "–"))[1]


def _told(rows: list[dict[str, Any]], named: dict[int, tuple[str, str]], baskets: int) -> list[dict[str, Any]]:
    """Rules with titles, whole figures as JSON holds them, and how likely each is by chance alone."""
    from zhike_analytics.association import MEASURES, chance_of

    counted = ("together", "antecedent_count", "consequent_count")
    together, left, right = ([row[name] for row in rows] for name in counted)
    chances = chance_of(together, left, right, baskets)
    return [
        {
            "rank": row["rank"],
            "antecedent": " + ".join(_title(named, product) for product in row["antecedent"]),
            "consequent": _title(named, row["consequent"]),
            "antecedent_ids": row["antecedent"],
            "consequent_id": row["consequent"],
            "skus": [named.get(product, ("",))[0] for product in (*row["antecedent"], row["consequent"])],
            **{name: row[name] for name in counted},
            # An infinite conviction (no basket speaks against the rule) has no number.
            **{name: row[name] if math.isfinite(row[name]) else None for name in MEASURES},
            "chance": float(chance),
        }
        for row, chance in zip(rows, chances, strict=True)
    ]


def _write(lake: Lake, told: list[dict[str, Any]], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from zhike_analytics.association import MEASURES

    kinds: dict[str, Any] = {"rank": pa.int64(), "antecedent": pa.string(), "consequent": pa.string(),
             "antecedent_ids": pa.list_(pa.int64()), "consequent_id": pa.int64(), "skus": pa.list_(pa.string())}  # fmt: skip
    kinds |= dict.fromkeys(("together", "antecedent_count", "consequent_count"), pa.int64())
    kinds |= dict.fromkeys((*MEASURES, "chance"), pa.float64())
    table = pa.table({name: pa.array([row[name] for row in told], kind) for name, kind in kinds.items()})
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    pq.write_table(table, draft, compression="zstd")
    draft.replace(path)


def _write_buyers(lake: Lake, lines: "ir.Table", rows: list[dict[str, Any]], path: Path) -> None:
    """Who bought the products of the rules: product by product, customers ranked by their money in the period."""
    import ibis

    products = sorted({product for row in rows for product in (*row["antecedent"], row["consequent"])})
    known = lines.filter(lines.customer_id.notnull())
    spent = known.group_by("customer_id").aggregate(cents=known.amount_cents.sum())
    order = ibis.window(order_by=[spent.cents.desc(), spent.customer_id.asc()])
    ranks = spent.select("customer_id", rank=(ibis.row_number().over(order) + 1).cast("int64"))
    wanted = ibis.memtable({"wanted_id": products}, schema=ibis.schema({"wanted_id": "int64"}))
    pairs = known.semi_join(wanted, known.product_id == wanted.wanted_id).select("product_id", "customer_id").distinct()
    found = pairs.inner_join(ranks, "customer_id").select("product_id", "rank", "customer_id")
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(found.cache().order_by(["product_id", "rank"]), str(draft), COMPRESSION="zstd")
    draft.replace(path)


def _bundles(
    sets: "FrequentSets", lines: "ir.Table", named: dict[int, tuple[str, str]]
) -> list[dict[str, Any]]:  # fmt: skip
    """Bundles to offer, with what their products cost one by one on average."""
    from zhike_analytics.association import bundles

    proposed = bundles(sets, limit=_MOST_BUNDLES)
    items = [product for bundle in proposed for product in bundle.items]
    held = lines.filter(lines.product_id.isin(items)) if items else lines.limit(0)
    sums = held.group_by("product_id").aggregate(
        cents=held.amount_cents.sum().cast("int64"), pieces=held.quantity.sum().cast("int64")
    )
    price = {row["product_id"]: row["cents"] / row["pieces"] for row in sums.to_pyarrow().to_pylist()}
    return [
        {
            "titles": [_title(named, product) for product in bundle.items],
            "skus": [named.get(product, ("",))[0] for product in bundle.items],
            "together": bundle.together,
            "extra": round(bundle.extra),
            "lift": bundle.lift,
            "price_cents": round(sum(price.get(product, 0) for product in bundle.items)),
        }
        for bundle in proposed
    ]


def _net(sets: "FrequentSets", named: dict[int, tuple[str, str]]) -> dict[str, Any]:
    """The pairs with most baskets beyond chance as points and links, laid out."""
    import ibis

    from zhike_analytics.association import laid_out

    pairs = sets.table()
    pairs = pairs.filter((pairs["size"] == 2) & (pairs.lift > 1))
    strongest = pairs.order_by([ibis.desc("extra"), "items"]).limit(_MOST_LINKS).to_pyarrow().to_pylist()
    points = sorted({product for pair in strongest for product in pair["items"]})
    place = {product: n for n, product in enumerate(points)}
    links = [
        {"from": place[pair["items"][0]], "to": place[pair["items"][1]], "together": pair["together"], "lift": pair["lift"]}
        for pair in strongest
    ]  # fmt: skip
    at = laid_out(len(points), [(link["from"], link["to"], math.log1p(link["lift"])) for link in links])
    counts = sets.codes.filter(sets.codes["item"].isin(points)) if points else sets.codes.limit(0)
    bought = {row["item"]: row["count"] for row in counts.to_pyarrow().to_pylist()}
    return {
        "points": [
            {"title": _title(named, product), "baskets": bought[product], "at": list(xy)}
            for product, xy in zip(points, at, strict=True)
        ],
        "links": links,
    }

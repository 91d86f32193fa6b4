"""What to recommend to each customer, and to whom each product: fitted, tried on a time split, written down. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.products_recipe import counted_lines
from zhike.analyze.rfm_recipe import counted_orders
from zhike.shop import queries as shop

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from zhike_analytics.recommend import Interactions, Recommender

LEARNED_DAYS = 730  # what was bought before says little of today
SOLD_DAYS = 180  # a product nobody bought since is taken for gone
RESTS_DAYS = 180  # after a purchase in a category that is rarely bought twice
EACH, PROPOSED = 5, 10
_HELD_DAYS = 90
_TRIED_ON = 20_000
_RARELY_TWICE, _FEWEST_BUYERS = 0.1, 20
_MOST_KNN = 3000
_SHOWN_PRODUCTS, _SHOWN_POPULAR = 200, 10


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Choose, try and fit a model; write a row per customer and a row per recommendation; return every figure of the page."""
    import numpy as np

    from zhike_analytics.problem import MeasureProblem
    from zhike_analytics.recommend import interactions, recommended

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    lines = _bought(lake, orders, as_of).cache()
    counts: dict[str, Any] = {"currency": left_out["currency"], "orders": left_out}
    bought = interactions(lines)
    counts |= {"customers": bought.shape[0], "items": bought.shape[1]}
    tried, kind = _tried(lines, parameters, as_of)
    try:
        model = _model(parameters, bought, kind).fit(bought)
    except MeasureProblem as problem:
        _write(lake, _nothing(), bought, path)
        return {**counts, "refused": problem.code, "most": problem.params.get("most"), "tried": tried, "products": [], "popular": []}  # fmt: skip
    offered, gone = _offered(lines, bought, as_of)
    barred, resting = _resting(lake, lines, bought, as_of)
    found = recommended(model, bought, k=EACH, offered=offered, barred=barred)
    _write(lake, found, bought, path)
    pairs, shown = np.unique(found["item"], return_counts=True)
    best = sorted(zip(shown.tolist(), pairs.tolist(), strict=True), key=lambda pair: (-pair[0], pair[1]))
    titles = shop.product_titles([product for _n, product in best[:_SHOWN_PRODUCTS]])
    return {
        **counts,
        "model": model.name,
        "asked": parameters.recommender,
        "fell_back": kind == "popular" and parameters.recommender == "auto" and bool(tried),
        "served": len(np.unique(found["customer_id"])),
        "tried": tried,
        "gone": gone,
        "resting": resting,
        "products": [{"product_id": p, "title": titles.get(p, "–"), "customers": n} for n, p in best[:_SHOWN_PRODUCTS]],
        "popular": _popular(bought, offered),
    }


def _bought(lake: Lake, orders: "ir.Table", as_of: dt.date) -> "ir.Table":
    """customer_id, product_id, day of what known customers bought, also where they gave it back: it is not offered again."""
    import ibis

    since = ibis.date(as_of - dt.timedelta(days=LEARNED_DAYS))
    days = orders.filter(orders.day > since).select(day_order="order_id", day="day")
    lines = counted_lines(lake, orders)
    lines = lines.filter((lines.quantity > 0) & lines.product_id.notnull() & lines.customer_id.notnull())
    joined = lines.inner_join(days, lines.order_id == days.day_order)
    return joined.select("customer_id", "product_id", "day").distinct()


def _tried(
    lines: "ir.Table", parameters: MeasureParameters, as_of: dt.date
) -> tuple[list[dict[str, Any]], str]:  # fmt: skip
    """Models on the time after a split, beside the popular baseline; and the kind to use: the asked one, or what `auto` is left with."""
    import numpy as np

    from zhike_analytics.recommend import MOST_EASE_ITEMS, chosen, evaluate, interactions, time_split

    kind = parameters.recommender
    first = lines.day.min().to_pyarrow().as_py()
    if first is None:
        return [], kind
    held = min(_HELD_DAYS, (as_of - first).days // 3)
    if held < 14:
        return [], kind
    split = as_of - dt.timedelta(days=held - 1)
    before, after = time_split(lines, split=split)
    known, later = interactions(before), interactions(after)
    if not known.shape[0] or not later.shape[0]:
        return [], kind
    back = np.flatnonzero(np.isin(known.customers, later.customers))
    if len(back) > _TRIED_ON:  # evenly from all of them
        back = back[np.linspace(0, len(back) - 1, _TRIED_ON).astype(int)]
    asked = known.rows(back)
    tried = []
    names = ["popular", *(["knn"] if known.shape[1] <= _MOST_KNN else []), chosen("auto", *known.shape).name, kind]
    for name in dict.fromkeys(names):
        if name == "auto" or (name in ("ease", "knn") and known.shape[1] > MOST_EASE_ITEMS):
            continue
        figures = evaluate(chosen(name, *known.shape).fit(known), asked, later, k=PROPOSED)
        tried.append({"model": name, "split": split.isoformat(), "days": held, **figures})
    if not tried or not tried[0]["customers"]:
        return [], kind
    score = {row["model"]: row["ndcg"] for row in tried}
    auto = chosen("auto", *known.shape).name
    if kind == "auto" and score[auto] <= score["popular"]:
        return tried, "popular"
    return tried, kind


def _model(parameters: MeasureParameters, bought: "Interactions", kind: str) -> "Recommender":
    from zhike_analytics.recommend import chosen

    return chosen(kind or parameters.recommender, *bought.shape)


def _offered(lines: "ir.Table", bought: "Interactions", as_of: dt.date) -> tuple[Any, dict[str, int]]:
    """Which products may be recommended: bought by somebody lately, and not known to be out of stock."""
    import ibis
    import numpy as np

    lately = lines.filter(lines.day > ibis.date(as_of - dt.timedelta(days=SOLD_DAYS)))
    sold = lately.select("product_id").distinct().to_pyarrow().column("product_id").to_numpy()
    empty = np.array(sorted(shop.out_of_stock(as_of)), dtype=np.int64)
    old, out = ~np.isin(bought.items, sold), np.isin(bought.items, empty)
    return ~old & ~out, {"unsold": int(old.sum()), "out_of_stock": int(out.sum())}


def _resting(lake: Lake, lines: "ir.Table", bought: "Interactions", as_of: dt.date) -> tuple[Any, list[str]]:
    """Whom a category is not to be recommended to: who bought in it lately, where hardly anybody buys in it twice."""
    import ibis
    import numpy as np

    products = lake.table("products").select(named_id="product_id", category="category")
    products = products.filter(products.category.notnull() & (products.category != ""))
    named = lines.inner_join(products, lines.product_id == products.named_id)
    people = named.group_by(["category", "customer_id"]).aggregate(days=named.day.nunique(), last_day=named.day.max())
    counted = people.group_by("category").aggregate(buyers=people.count(), twice=(people.days > 1).mean())
    rare = counted.filter((counted.buyers >= _FEWEST_BUYERS) & (counted.twice < _RARELY_TWICE))
    names = sorted(rare.category.to_pyarrow().to_pylist())
    if not names:
        return None, []
    lately = people.filter(
        people.category.isin(names) & (people.last_day > ibis.date(as_of - dt.timedelta(days=RESTS_DAYS)))
    )
    rows = lately.select("customer_id", "category").order_by("customer_id").to_pyarrow()
    who = rows.column("customer_id").to_numpy()
    code = {name: number for number, name in enumerate(names)}
    what = np.array([code[name] for name in rows.column("category").to_pylist()], dtype=np.int64)
    held = products.filter(products.category.isin(names)).to_pyarrow().to_pylist()
    place = {row["named_id"]: code[row["category"]] for row in held}
    of_item = np.array([place.get(item, len(names)) for item in bought.items.tolist()], dtype=np.int64)

    def barred(part: "Interactions") -> Any:
        first, last = np.searchsorted(who, part.customers, "left"), np.searchsorted(who, part.customers, "right")
        flags = np.zeros((len(part.customers), len(names) + 1), dtype=bool)  # the last column: in no such category
        sizes = last - first
        rows = np.repeat(np.arange(len(part.customers)), sizes)
        at = np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        flags[rows, what[at]] = True
        return flags[:, of_item]

    return barred, names


def _popular(bought: "Interactions", offered: Any) -> list[dict[str, Any]]:
    """What most customers bought of what can be offered: for those of whom nothing is known."""
    counts = [
        (count, product)
        for count, product, may in zip(bought.counts().tolist(), bought.items.tolist(), offered.tolist(), strict=True)
        if may
    ]
    best = sorted(counts, key=lambda pair: (-pair[0], pair[1]))[:_SHOWN_POPULAR]
    titles = shop.product_titles([product for _n, product in best])
    return [{"product_id": p, "title": titles.get(p, "–"), "customers": n} for n, p in best]


def _nothing() -> dict[str, Any]:
    import numpy as np

    empty = np.zeros(0, dtype=np.int64)
    return {"customer_id": empty, "place": empty, "item": empty, "score": np.zeros(0), "because": np.zeros((0, 2), dtype=np.int64)}  # fmt: skip


def _write(lake: Lake, found: dict[str, Any], bought: "Interactions", path: Path) -> None:
    """A row per recommendation, product by product, and a row per customer with all of theirs."""
    import ibis
    import pyarrow as pa

    pairs = pa.table(
        {
            "customer_id": pa.array(found["customer_id"], pa.int64()),
            "product_id": pa.array(found["item"], pa.int64()),
            "place": pa.array(found["place"], pa.int64()),
            "score": pa.array(found["score"], pa.float64()),
            "because_id": pa.array(found["because"][:, 0], pa.int64()),
            "because2_id": pa.array(found["because"][:, 1], pa.int64()),
        }
    )
    lake.engine.create_table("recommended_pairs", pairs, overwrite=True)
    held = lake.engine.table("recommended_pairs")
    order = ibis.window(
        group_by=held.product_id, order_by=[held.place.asc(), held.score.desc(), held.customer_id.asc()]
    )
    ranked = held.mutate(rank=(ibis.row_number().over(order) + 1).cast("int64")).order_by(["product_id", "rank"])
    people = results.result_path("recommendation_people", path.stem)
    draft = people.with_suffix(".new")
    lake.engine.to_parquet(ranked, str(draft), COMPRESSION="zstd")
    draft.replace(people)
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(_by_customer(lake, held), str(draft), COMPRESSION="zstd")
    draft.replace(path)
    lake.read_result(path, "recommended_to")


def _by_customer(lake: Lake, pairs: "ir.Table") -> "ir.Table":
    """A row for each customer: what is recommended and what speaks for it, in the order of the places.

    There are so few places that each is looked up by its number: ordered lists are not the same on every engine.
    """
    import ibis

    numbers = lake.table("customers").select(numbered_id="customer_id", number="number")
    products = lake.table("products")
    offered = products.select(offered_id="product_id", sku=products.sku.fill_null(""))
    reason = products.select(reason_id="product_id", because_sku=products.sku.fill_null(""))
    rows = pairs.left_join(offered, pairs.product_id == offered.offered_id)
    rows = rows.left_join(reason, rows.because_id == reason.reason_id)
    rows = rows.mutate(sku=rows.sku.fill_null(""), because_sku=rows.because_sku.fill_null(""))
    names = ("product_id", "sku", "because_sku", "because_id", "because2_id")
    places = range(1, EACH + 1)
    at = {f"{name}_{n}": rows[name].max(where=rows.place == n) for name in names for n in places}
    people = rows.group_by("customer_id").aggregate(**at)
    people = people.left_join(numbers, people.customer_id == numbers.numbered_id)

    def held(name: str) -> list["ir.Value"]:
        return [people[f"{name}_{n}"] for n in places]

    ids = [one.cast("string") for one in held("product_id")]
    by_id = ibis.window(order_by=people.customer_id)
    return people.select(
        "customer_id",
        "number",
        rank=(ibis.row_number().over(by_id) + 1).cast("int64"),
        products=ibis.literal(",") + ibis.literal(",").join(ids) + ",",
        skus=ibis.literal(" ").join(held("sku")),
        because_skus=ibis.literal(" ").join(held("because_sku")),
        because=ibis.array(held("because_id")).filter(lambda one: one.notnull()),
        because2=ibis.array(held("because2_id")).filter(lambda one: one.notnull()),
    ).order_by("rank")


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody with a recommendation, by customer id; after `compute`."""
    held = lake.table("recommended_to").order_by("customer_id")
    names = ["products", "because", "because2"]
    for batch in held.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row

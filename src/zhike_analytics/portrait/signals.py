"""What customers do that says something about them, each as a count of a count: so many of so many."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.portrait_rules import OF_GOODS, SIGNALS
from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

LOOK_WORDS = (
    "配色", "花色", "撞色", "印花", "刺绣", "设计师", "设计感", "美学", "氛围", "ins风", "复古", "国风", "礼盒", "vintage", "design",
    "floral", "retro", "lace", "heart", "rose", "decoration", "painted",
)  # fmt: skip
_NIGHT = (21, 5)  # from nine in the evening to five in the morning
_BELOW, _FEWEST_PRICES = 0.9, 5
_NEW_DAYS, _KNOWN_DAYS = 30, 60
_BEST = 0.05
_PEAK, _FEWEST_ORDERS = 2.5, 20


def signals(orders: Any, lines: Any, products: Any, *, look_words: Sequence[str] = LOOK_WORDS) -> ir.Table:
    """Per customer: customer_id, orders, net_cents, last_day, first_day, channels, categories, and for each of `SIGNALS` two
    counts, `…_hits` and `…_of`.

    orders: customer_id, order_id, at (the shop's clock), net_cents, is_returned, has_discount, channel. lines: customer_id,
    order_id, product_id, quantity, amount_cents. products: product_id, title, category, brand; one row each.

    night, weekend, promotion, returned are counted of orders (promotion: on days with more than 2.5 × the orders of the usual
    day of their month; an order at midnight sharp has a day and no hour). Of goods lines: discounted (a tenth or more below the
    product's median price, or in an order with a discount) and full_price (all others), where five prices are known; repeated
    (bought on an earlier day already), of lines after the first day; top_brand (of the brand the customer buys most); spread
    (categories, of lines); early (within 30 days of the product's first sale), of products first sold when the shop had sold for
    60 days; popular (of the twentieth of the products most customers buy), of what was bought the first time; looks (a word of looks in the title). Raises
    ``orders.column_missing``.
    """
    bought, goods, named = table(orders), table(lines), table(products)
    _present(bought, "customer_id", "order_id", "at", "net_cents", "is_returned", "has_discount", "channel")
    _present(goods, "customer_id", "order_id", "product_id", "quantity", "amount_cents")
    _present(named, "product_id", "title", "category", "brand")
    people = _of_orders(bought)
    found = _of_goods(_priced(goods, bought, named, look_words))
    joined = people.left_join(found, people.customer_id == found.buyer_id).drop("buyer_id")
    counts = [f"{name}_{part}" for name in OF_GOODS for part in ("hits", "of")]
    return joined.mutate(**{name: joined[name].fill_null(0).cast("int64") for name in (*counts, "categories")})


def _present(held: ir.Table, *names: str) -> None:
    for name in names:
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name)


def shop_shares(told: ir.Table) -> dict[str, float]:
    """Each signal's share over the whole shop: hits of all customers ÷ chances of all; 0 where there was none."""
    sums = told.aggregate(**{f"{n}_{p}": told[f"{n}_{p}"].sum() for n in SIGNALS for p in ("hits", "of")})
    row = sums.to_pyarrow().to_pylist()[0]
    return {n: float(row[f"{n}_hits"] or 0) / float(row[f"{n}_of"]) if row[f"{n}_of"] else 0.0 for n in SIGNALS}


def _tally(**named: tuple[Any, Any]) -> dict[str, Any]:
    """`…_hits` and `…_of` as sums: (condition, whether it counts)."""
    return {
        f"{name}_{part}": value.cast("int64").sum().cast("int64")
        for name, (hit, counts) in named.items()
        for part, value in (("hits", (hit & counts).fill_null(False)), ("of", counts.fill_null(False)))
    }


def _of_orders(orders: ir.Table) -> ir.Table:
    held = orders.mutate(day=orders["at"].date(), hour=orders["at"].hour(), counted=orders.net_cents > 0)
    held = held.mutate(timed=(held["at"].hour() * 3600 + held["at"].minute() * 60 + held["at"].second()) > 0)
    daily = held.filter(held.counted).group_by("day").aggregate(n=lambda t: t.count())
    daily = daily.mutate(month=daily.day.truncate("M"))
    usual = daily.group_by("month").aggregate(usual=daily.n.median())
    daily = daily.inner_join(usual, "month")
    peaks = daily.filter((daily.n >= _FEWEST_ORDERS) & (daily.n > daily.usual * _PEAK)).select(peak_day="day")
    held = held.left_join(peaks, held.day == peaks.peak_day)
    told = _tally(
        night=((held.hour >= _NIGHT[0]) | (held.hour < _NIGHT[1]), held.counted & held.timed),
        weekend=(held.day.day_of_week.index() >= 5, held.counted),
        promotion=(held.peak_day.notnull(), held.counted),
        returned=(held.is_returned, held.order_id.notnull()),
    )
    people = held.group_by("customer_id").aggregate(
        orders=held.counted.cast("int64").sum().cast("int64"),
        net_cents=held.net_cents.sum().cast("int64"),
        first_day=held.day.min(where=held.counted),
        last_day=held.day.max(where=held.counted),
        channels=held.channel.nunique(where=held.counted).cast("int64"),
        **told,
    )
    return people.filter(people.orders > 0)


def _priced(goods: ir.Table, orders: ir.Table, products: ir.Table, look_words: Sequence[str]) -> ir.Table:
    """Goods bought for money, each with what its product says: price, age, place among all, words."""
    days = orders.filter(orders.net_cents > 0).select(
        day_order="order_id", day=orders["at"].date(), cut="has_discount"
    )  # fmt: skip
    kept = goods.filter((goods.quantity > 0) & (goods.amount_cents > 0))
    kept = kept.inner_join(days, kept.order_id == days.day_order).drop("day_order")
    kept = kept.mutate(price=kept.amount_cents / kept.quantity)
    known = kept.group_by("product_id").aggregate(
        usual=kept.price.median(), prices=kept.count(), first_sold=kept.day.min(), buyers=kept.customer_id.nunique()
    )
    order = ibis.window(order_by=[ibis.desc("buyers"), ibis.asc("product_id")])
    known = known.mutate(place=ibis.row_number().over(order), of_all=known.count().over(ibis.window()))
    began = known.first_sold.min().over(ibis.window())
    known = known.mutate(
        best=known.place < known.of_all * _BEST, young=known.first_sold.delta(began, unit="day") > _KNOWN_DAYS
    )
    words = [products.title.lower().contains(word.lower()) for word in look_words]
    looks = reduce(lambda a, b: a | b, words) if words else ibis.literal(False)
    told = products.select(
        named_id="product_id", category=products.category.nullif(""), brand=products.brand.nullif(""),
        titled=products.title.nullif("").notnull(), looks=looks,
    )  # fmt: skip
    known = known.drop("buyers", "place", "of_all").rename(known_id="product_id")
    kept = kept.inner_join(known, kept.product_id == known.known_id).drop("known_id")
    return kept.left_join(told, kept.product_id == told.named_id).drop("named_id")


def _of_goods(lines: ir.Table) -> ir.Table:
    own = ibis.window(group_by=lines.customer_id)
    same = ibis.window(group_by=[lines.customer_id, lines.product_id])
    held = lines.mutate(first_ever=lines.day.min().over(own), first_of_it=lines.day.min().over(same))
    cut = held.cut | (held.price <= held.usual * _BELOW)
    known = held.prices >= _FEWEST_PRICES
    age = held.day.delta(held.first_sold, unit="day")
    told = _tally(
        discounted=(cut, known),
        full_price=(~cut, known),
        repeated=(held.day > held.first_of_it, held.day > held.first_ever),
        early=(age <= _NEW_DAYS, held.young),
        popular=(held.best, held.day == held.first_of_it),
        looks=(held.looks, held.titled),
    )
    people = held.group_by("customer_id").aggregate(
        spread_hits=held.category.nunique().cast("int64"),
        spread_of=held.category.count().cast("int64"),
        categories=held.category.nunique().cast("int64"),
        top_brand_of=held.brand.count().cast("int64"),
        **told,
    )
    branded = held.filter(held.brand.notnull()).group_by(["customer_id", "brand"]).aggregate(n=lambda t: t.count())
    best = (
        branded.group_by("customer_id")
        .aggregate(top_brand_hits=branded.n.max().cast("int64"))
        .rename(best_id="customer_id")
    )
    return people.left_join(best, people.customer_id == best.best_id).drop("best_id").rename(buyer_id="customer_id")

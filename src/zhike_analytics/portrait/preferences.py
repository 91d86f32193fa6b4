"""Preferences 偏好: what somebody buys, where and when, markedly more often than the shop's customers do."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir

KINDS = ("category", "brand", "attribute", "channel", "hours", "weekday", "month_part")
PULL, FEWEST, LIFT, MARKED = 5.0, 3, 1.5, 3.0


def acts(orders: Any, lines: Any, products: Any, attributes: Any = None) -> ir.Table:
    """What can be preferred, a row each: customer_id, order_id, kind, value.

    Tables as for ``signals``; attributes: product_id, text (“color: red”). hours: `early` (0–6), `morning` (6–12), `afternoon`
    (12–18), `evening` (18–21), `late` (21–24), of orders with an hour; weekday: 1 (Monday) to 7; month_part: `first` (to the
    10th), `middle` (to the 20th), `last`. Only orders that brought money.
    """
    bought, goods, named = table(orders), table(lines), table(products)
    for held, wanted in ((bought, ("customer_id", "order_id", "at", "net_cents", "channel")),
                         (goods, ("order_id", "product_id", "quantity", "amount_cents"))):  # fmt: skip
        for name in wanted:
            if name not in held.columns:
                raise MeasureProblem("orders.column_missing", column=name)
    bought = bought.filter(bought.net_cents > 0)
    parts = [*_times(bought)]
    kept = goods.filter((goods.quantity > 0) & (goods.amount_cents > 0)).select(
        of_order="order_id", bought_id="product_id"
    )
    who = bought.select("customer_id", "order_id")
    kept = who.inner_join(kept, who.order_id == kept.of_order)
    about = named.select(named_id="product_id", category="category", brand="brand")
    about = kept.inner_join(about, kept.bought_id == about.named_id)
    parts += [_part(about, kind, about[kind].nullif("")) for kind in ("category", "brand")]
    if attributes is not None:
        texts = table(attributes).select(text_id="product_id", text="text")
        worded = kept.inner_join(texts, kept.bought_id == texts.text_id)
        parts.append(_part(worded, "attribute", worded.text))
    return reduce(lambda a, b: a.union(b), parts).distinct()


def _part(held: ir.Table, kind: str, value: Any) -> ir.Table:
    told = held.select("customer_id", "order_id", kind=ibis.literal(kind), value=value.cast("string"))
    return told.filter(told.value.notnull())


def _times(orders: ir.Table) -> list[ir.Table]:
    at = orders["at"]
    hour, month_day = at.hour(), at.day()
    timed = orders.filter(hour * 3600 + at.minute() * 60 + at.second() > 0)
    hours = ibis.cases(
        (hour < 6, "early"), (hour < 12, "morning"), (hour < 18, "afternoon"), (hour < 21, "evening"), else_="late"
    )
    thirds = ibis.cases((month_day <= 10, "first"), (month_day <= 20, "middle"), else_="last")
    return [
        _part(orders, "channel", orders.channel),
        _part(timed, "hours", hours),
        _part(orders, "weekday", at.date().day_of_week.index() + 1),
        _part(orders, "month_part", thirds),
    ]


def preferences(
    done: Any, *, pull: float = PULL, fewest: int = FEWEST, lift: float = LIFT, marked: float = MARKED
) -> ir.Table:
    """customer_id, kind, value, hits (orders with it), of (orders), shop_share, share (smoothed), lift, rank within the kind.

    `done` as :func:`acts` gives it. share = (hits + pull × shop_share) ÷ (of + pull); lift = share ÷ shop_share. Told is only
    what has at least `fewest` orders, a lift of at least `lift`, and lies `marked` standard deviations beyond what chance gives
    somebody with as many orders: (hits − of·p) ÷ √(of·p·(1 − p)). Two orders at night make nobody a night buyer.
    """
    held = table(done).select("customer_id", "order_id", "kind", "value").distinct()
    own = held.group_by(["customer_id", "kind", "value"]).aggregate(hits=held.count().cast("int64"))
    orders = held.group_by(["customer_id", "kind"]).aggregate(of=held.order_id.nunique().cast("int64"))
    orders = orders.rename(of_customer="customer_id", of_kind="kind")
    shop = held.group_by(["kind", "value"]).aggregate(n=held.count())
    whole = held.group_by("kind").aggregate(whole=held.order_id.nunique()).rename(whole_kind="kind")
    shop = shop.inner_join(whole, shop.kind == whole.whole_kind)
    shop = shop.select(shop_kind="kind", shop_value="value", shop_share=shop.n / shop.whole)
    told = own.filter(own.hits >= fewest)
    told = told.inner_join(orders, (told.customer_id == orders.of_customer) & (told.kind == orders.of_kind))
    told = told.inner_join(shop, (told.kind == shop.shop_kind) & (told.value == shop.shop_value))
    told = told.filter(told.shop_share < 1)
    told = told.mutate(share=(told.hits + pull * told.shop_share) / (told.of + pull))
    told = told.mutate(lift=told.share / told.shop_share)
    beyond = (told.hits - told.of * told.shop_share) / (told.of * told.shop_share * (1 - told.shop_share)).sqrt()
    told = told.filter((told.lift >= lift) & (beyond >= marked))
    order = ibis.window(
        group_by=[told.customer_id, told.kind], order_by=[ibis.desc("hits"), ibis.desc("lift"), ibis.asc("value")]
    )  # fmt: skip
    told = told.mutate(rank=(ibis.row_number().over(order) + 1).cast("int64"))
    return told.select("customer_id", "kind", "value", "hits", "of", "shop_share", "share", "lift", "rank")

"""What portraits stand on: orders, goods and products of the customers who may be profiled. For the analysis child."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.portrait_consent import REFUSED
from zhike.analyze.products_recipe import counted_lines
from zhike.analyze.rfm_recipe import counted_orders
from zhike.shop import queries as shop

if TYPE_CHECKING:
    import ibis.expr.types as ir

LEARNED_DAYS = 730  # what somebody did before says little of them today
_AGREED = "|profiling=given|"
# Nothing is told of what a purchase may say of health, sex, faith or children: law and decency set these apart.
SENSITIVE_WORDS = (
    "药", "医", "保健", "血糖", "血压", "降糖", "轮椅", "助听", "避孕", "计生", "验孕", "孕", "备孕", "哺乳", "婴", "宝宝", "儿童", "情趣",
    "成人用品", "佛", "宗教", "圣经", "清真", "成人尿", "戒烟", "减肥", "pregnan", "baby", "child", "contracept", "condom", "medic",
    "pharma", "diabet", "religio", "bible", "quran", "adult toy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Grounds:
    """Tables as `zhike_analytics.portrait` takes them, and what was left out."""

    orders: "ir.Table"
    lines: "ir.Table"
    products: "ir.Table"
    attributes: "ir.Table"
    left_out: dict[str, Any]
    refused: int


def grounds(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str) -> Grounds:
    """Two years of orders of known customers, without those who refused to be profiled."""
    import ibis
    import pyarrow as pa

    also = ("ordered_at", "source_id", "refund_cents")
    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone, also=also)
    orders = orders.filter(orders.day > ibis.date(as_of - dt.timedelta(days=LEARNED_DAYS)))
    barred = barred_customers(lake, parameters)
    refused = orders.select("customer_id").distinct().semi_join(barred, "customer_id").count().to_pyarrow().as_py()
    orders = orders.anti_join(barred, "customer_id").cache()
    held = lake.table("order_lines")
    cut = held.filter((held.kind == "discount") & (held.amount_cents < 0)).select(cut_order="order_id").distinct()
    given = orders.left_join(cut, orders.order_id == cut.cut_order)
    back = given.kind.isin(["cancellation", "refund"]) | (given.status == "refunded") | (given.refund_cents != 0)
    told = given.select(
        "customer_id", "order_id", "net_cents", at=lake.shop_time(given.ordered_at, zone), is_returned=back,
        has_discount=given.cut_order.notnull(), channel=given.source_id.cast("string"),
    ).cache()  # fmt: skip
    lines = counted_lines(lake, orders)
    products = lake.table("products").select("product_id", "title", "category", "brand")
    texts = shop.product_attributes()
    attributes = ibis.memtable(
        pa.table(
            {
                "product_id": pa.array([p for p, _ in texts], pa.int64()),
                "text": pa.array([t for _, t in texts], pa.string()),
            }
        )
    )
    return Grounds(told, lines.filter(lines.product_id.notnull()), products, attributes, left_out, int(refused))


def barred_customers(lake: Lake, parameters: MeasureParameters) -> "ir.Table":
    """customer_id of those who are not to be profiled: who refused; or, where only those who agreed may be, all others."""
    cards = lake.table("cards")
    said = cards.consents.fill_null("")
    if parameters.consent == "given":
        return cards.filter(~said.contains(_AGREED)).select("customer_id")
    return cards.filter(said.contains(REFUSED[0]) | said.contains(REFUSED[1])).select("customer_id")


def without_sensitive(done: "ir.Table") -> "ir.Table":
    """Acts, without those whose words may tell of health, sex, faith or children."""
    import ibis

    lowered = done.value.lower()
    barred = ibis.or_(*(lowered.contains(word) for word in SENSITIVE_WORDS))
    return done.filter(~(done.kind.isin(["category", "brand", "attribute"]) & barred))

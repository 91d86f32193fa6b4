"""What the demo shop says of its goods, and what its customers sent back: statements as the files of a shop make them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from random import Random

from zhike.desk.demo.goods import GOODS, Good
from zhike.kit import clock
from zhike.shop.records import OrderStatement, Stated

# season group → category, brand, cost of a piece in percent of its price, what it is made of
_GROUPS = {
    "green": ("茶叶/绿茶花茶", "听雨", 46, {"产地": "浙江"}),
    "black": ("茶叶/红茶乌龙普洱", "听雨", 44, {"产地": "福建"}),
    "cold": ("茶叶/冷泡花草茶", "听雨轻饮", 38, {"包装": "独立茶包"}),
    "gift": ("礼盒", "听雨", 52, {"包装": "礼盒"}),
    "ware": ("茶具", "听雨器物", 48, {"材质": "陶瓷"}),
    "pot": ("厨具", "灶间", 57, {"材质": "金属"}),
}
_MATERIALS = ("紫砂", "白瓷", "玻璃", "青瓷", "竹", "钛", "铸铁", "不锈钢", "砂", "木", "陶瓷", "釉下彩")
_REASONS = ("七天无理由退货", "包装破损", "口味不合", "少件漏发", "与描述不符", "多拍、拍错")


def products() -> list[Stated]:
    """The catalogue: every good with category, brand, price, cost and what it is made of."""
    return [Stated(good.sku, row, _product(good)) for row, good in enumerate(GOODS, start=2)]


def _product(good: Good) -> dict[str, object]:
    category, brand, share, attributes = _GROUPS[good.season]
    material = next((name for name in _MATERIALS if name in good.title), None)
    return {
        "title": good.title,
        "category": category,
        "brand": brand,
        "barcode": "",
        "price_cents": good.cents,
        "cost_cents": good.cents * share // 100,
        "attributes": {**attributes, **({"材质": material} if material and "材质" in attributes else {})},
    }


def cases(orders: Iterable[OrderStatement], first_row: int) -> Iterator[Stated]:
    """An after-sale case for each order that gave money back: opened some days after it, mostly closed by now."""
    row, now = first_row, clock.now()
    for order in orders:
        if not order.refund and order.status != "refunded":
            continue
        row += 1
        chance = Random(order.external_id)
        opened = order.ordered_at + dt.timedelta(days=chance.randint(1, 9), hours=chance.randint(1, 9))
        if opened > now:
            opened = order.ordered_at
        closed = opened + dt.timedelta(days=chance.randint(1, 5))
        line = order.lines[0]
        is_whole = order.status == "refunded"
        yield Stated(
            f"SH{order.external_id.strip('#')}",
            row,
            {
                "order_number": order.external_id,
                "sku": line.sku,
                "kind": "return" if is_whole else "refund",
                "status": "done" if closed <= now else "open",
                "reason": chance.choice(_REASONS),
                "quantity": int(line.quantity),
                "amount_cents": _cents(order.refund or order.paid or order.total),
                "currency": "CNY",
                "opened_at": opened.astimezone(dt.UTC).isoformat(),
                "closed_at": closed.astimezone(dt.UTC).isoformat() if closed <= now else None,
            },
        )


def _cents(text: str) -> int | None:
    """Decimal text of the generator's own making."""
    whole, _, part = text.partition(".")
    return abs(int(whole)) * 100 + int(part.ljust(2, "0")[:2] or 0) if whole.lstrip("-").isdigit() else None

"""The reasons for stopping a new installation starts with; a house renames, adds and puts away as it likes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shipped:
    """A reason as shipped, until a row of the same code says otherwise."""

    code: str
    zh: str
    en: str
    place: int


SHIPPED = (
    Shipped("price", "价格不合适", "Price", 10),
    Shipped("quality", "商品质量问题", "Quality of the goods", 20),
    Shipped("service", "对服务不满意", "Service", 30),
    Shipped("delivery", "物流问题", "Delivery", 40),
    Shipped("complaint", "投诉未妥善解决", "A complaint not settled", 50),
    Shipped("rival", "转向竞争对手", "Went to a competitor", 60),
    Shipped("range", "没有所需商品", "Goods wanted are not offered", 70),
    Shipped("need_gone", "不再需要", "No need any more", 80),
    Shipped("closed", "停业或搬迁", "Closed down or moved away", 90),
    Shipped("credit", "账款或信用问题", "Payment or credit", 100),
    Shipped("unreachable", "联系不上", "Cannot be reached", 110),
    Shipped("unknown", "原因不明", "Not known", 120),
)
BY_CODE = {reason.code: reason for reason in SHIPPED}

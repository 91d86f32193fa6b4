"""A file as Taobao exports it, of the demo shop's orders: something to practice an import with."""

import csv
from pathlib import Path
from zoneinfo import ZoneInfo

from zhike.desk.demo.orders import orders
from zhike.desk.demo.people import TAOBAO
from zhike.desk.demo.rhythm import Calendar
from zhike.kit import clock
from zhike.shop.records import LineStatement, OrderStatement
from zhike_analytics.values.amounts import amount, line_cents

HEADERS = (
    *(
        "订单编号",
        "买家会员名",
        "买家支付宝账号",
        "买家应付货款",
        "买家应付邮费",
        "总金额",
        "买家实际支付金额",
        "退款金额",
    ),
    *(
        "订单状态",
        "买家留言",
        "收货人姓名",
        "收货地址",
        "联系手机",
        "订单创建时间",
        "订单付款时间",
        "宝贝标题",
        "宝贝总数量",
    ),
)
_STATES = {
    "unpaid": "等待买家付款",
    "paid": "买家已付款，等待卖家发货",
    "shipped": "卖家已发货，等待买家确认",
    "completed": "交易成功",
    "closed": "交易关闭",
    "cancelled": "交易关闭",
    "refunded": "付款以后用户退款成功，交易自动关闭",
}
_HERE = ZoneInfo("Asia/Shanghai")


def write_sample(place: Path, count: int, seed: int) -> int:
    """Write the Taobao orders of `count` invented customers, in the platform's encoding and manner; returns how many."""
    written = 0
    with place.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(HEADERS)
        for name, order in orders(count, seed, Calendar(clock.now())):
            if name == TAOBAO and order.buyer is not None:
                writer.writerow(_row(order))
                written += 1
    return written


def _row(order: OrderStatement) -> tuple[str, ...]:
    total = sum(map(_cents, order.lines))
    postage = sum(_cents(line) for line in order.lines if line.kind == "postage")
    buyer = order.buyer.values if order.buyer else {}
    goods = [line for line in order.lines if line.kind == "goods"]
    is_paid = order.paid_at is not None
    return (
        f'="{order.external_id}"',
        buyer.get("platform_handle", ""),
        buyer.get("payment_account", ""),
        _yuan(total - postage),
        _yuan(postage),
        _yuan(total),
        _yuan(total if is_paid else 0),
        _yuan(amount(order.refund).cents if order.refund else 0),
        _STATES[order.status],
        order.sealed.get("buyer_message", ""),
        order.sealed.get("receiver_name", ""),
        order.sealed.get("receiver_address", ""),
        f"'{order.sealed.get('receiver_phone', '')}",
        f"{order.ordered_at.astimezone(_HERE):%Y-%m-%d %H:%M:%S}",
        f"{order.paid_at.astimezone(_HERE):%Y-%m-%d %H:%M:%S}" if order.paid_at else "",
        "，".join(line.title for line in goods),
        str(sum(int(line.quantity) for line in goods)),
    )


def _cents(line: LineStatement) -> int:
    return line_cents(amount(line.unit_price).text, int(line.quantity))


def _yuan(cents: int) -> str:
    return f"{cents / 100:.2f}"

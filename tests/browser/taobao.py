"""A small tea shop on Taobao, invented: its export as the platform writes it, and the shop after it was brought in."""

import csv
import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

from zhike.collect import actions as collect
from zhike.collect import queries as imports
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.kit import clock, installation, jobs
from zhike.secure import vault
from zhike.secure.records import LOCAL_OPERATOR

HEADERS = [
    "订单编号", "买家会员名", "买家支付宝账号", "买家应付货款", "买家应付邮费", "总金额", "买家实际支付金额", "订单状态", "买家留言",
    "收货人姓名", "收货地址 ", "联系手机", "订单创建时间", "订单付款时间 ", "宝贝标题 ", "宝贝总数量", "店铺名称", "退款金额",
]  # fmt: skip
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈", ["若溪", "子墨", "雨桐", "浩然", "诗涵", "明轩", "佳怡", "思远", "安然", "书瑶"]
PLACES = ("浙江省 杭州市 西湖区", "广东省 广州市 越秀区", "四川省 成都市 武侯区", "北京 北京市 朝阳区")
GOODS = ("雪平锅不锈钢20cm", "龙井明前50克", "青瓷盖碗", "电陶炉")
DAY = dt.timedelta(days=1)


def order(number: int, buyer: int, at: dt.datetime, yuan: str, **other: str) -> dict[str, str]:
    """A row of the export: the order with this number, of the buyer with this number, at a moment of the shop's clock."""
    cells = {
        "订单编号": f"{3515 * 10**14 + number}",
        "买家会员名": handle_of(buyer),
        "买家支付宝账号": f"tea{buyer:03d}@example.com",
        "买家应付货款": yuan,
        "买家应付邮费": "0.00",
        "总金额": yuan,
        "买家实际支付金额": yuan,
        "订单状态": "交易成功",
        "收货人姓名": name_of(buyer),
        "收货地址 ": f"{PLACES[buyer % 4]} 示例街道样例路{buyer + 1}号",
        "联系手机": f"'{phone_of(buyer)}",
        "订单创建时间": f"{at:%Y-%m-%d %H:%M:%S}",
        "订单付款时间 ": f"{at:%Y-%m-%d %H:%M:%S}",
        "宝贝标题 ": GOODS[number % 4],
        "宝贝总数量": "1",
        "店铺名称": "示例茶铺",
        "退款金额": "0.00",
    }
    return cells | other


def name_of(buyer: int) -> str:
    """The name of the buyer with this number."""
    return FAMILY[buyer % 10] + GIVEN[buyer // 10 % 10]


def handle_of(buyer: int) -> str:
    """What the platform calls them: it says so of the buyer, and it stands on the file."""
    return f"tb_tea{buyer:03d}"


def phone_of(buyer: int) -> str:
    """The telephone of the receiver, which stays with the order."""
    return f"1380000{buyer + 1000:04d}"


def orders(until: dt.datetime, buyers: int = 40) -> list[dict[str, str]]:
    """Orders of a year up to `until`: most buy again and again, a few have gone quiet, some came once."""
    rows: list[dict[str, str]] = []
    for buyer in range(buyers):
        silent = 150 if buyer % 10 == 0 else buyer % 9 + 1
        count, gap = (1, 0) if buyer % 4 == 3 else (3 + buyer % 5, 20 + buyer % 7)
        if count == 1:
            silent = 12 + buyer % 5
        for nth in range(count):
            at = until - DAY * (silent + nth * gap) - dt.timedelta(minutes=buyer)
            yuan = "1880.00" if count == 1 and buyer % 8 == 3 else f"{59 + buyer * 7 + nth}.90"
            rows.append(order(len(rows) + 1, buyer, at, yuan))
    return rows


def written(rows: Sequence[dict[str, str]], encoding: str = "gb18030") -> bytes:
    """The file, as the platform writes it: every cell in quotation marks, GBK."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADERS, restval="", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def open_house(name: str = "示例茶铺") -> None:
    """An installation with its keys, and nothing in it."""
    vault.setup()
    installation.set_up(name=name, time_zone="Asia/Shanghai", currency="CNY")


def bring_in(content: bytes, *, name: str = "ExportOrderList.csv", source: str = "淘宝店", start: bool = True) -> Any:
    """A file of this shop brought in by the module's own actions, to its end (or, without `start`, to its check)."""
    known = {s.name: s.id for s in customer_queries.sources()}
    source_id = known.get(source) or _source(source)
    run = collect.store_file(io.BytesIO(content), name, by=LOCAL_OPERATOR)
    collect.describe(run.id, by=LOCAL_OPERATOR)
    collect.choose_source(run.id, source_id, by=LOCAL_OPERATOR)
    collect.start_check(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    if start:
        collect.start_import(run.id, by=LOCAL_OPERATOR)
        jobs.run_pending()
    return imports.run(run.public_id)


def _source(name: str) -> int:
    facts = customers.add_source(
        code="tea-shop", name=name, channel_kind="shop_platform", legal_basis="contract", platform="taobao", by=LOCAL_OPERATOR
    )  # fmt: skip
    return facts.id


def open_shop(buyers: int = 40) -> Any:
    """The house with a year of the shop in it; returns the import."""
    open_house()
    return bring_in(written(orders(clock.now().replace(tzinfo=None), buyers)))

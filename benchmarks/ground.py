"""A big shop to measure on: customers and orders of an invented shop, recorded by the very actions an import calls.

`python -m benchmarks.ground --customers 1000000 --lines 10000000` fills the installation that ZHIKE_HOME names (an empty one)
and prints the speed of each part, over the last tenth of the rows, where the tables are at their fullest.
"""

import argparse
import datetime as dt
import os
import random
import time
from collections.abc import Iterator

import django

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂梅玉红建国华文志海波宇轩子涵欣怡浩然思雨梓"
_PLACES = (
    "广东省 广州市 越秀区",
    "浙江省 杭州市 西湖区",
    "四川省 成都市 武侯区",
    "湖北省 武汉市 洪山区",
    "北京 北京市 朝阳区",
)
_START = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
CUSTOMER_BATCH = 1500
ORDER_BATCH = 600
_CUSTOMERS, _ORDERS = 10**9, 10**9 + 1  # runs no file will ever have


def statements(count: int, seed: int = 1) -> Iterator["Statement"]:  # noqa: F821
    """Customers of an invented shop, as the rows of an export state them."""
    from zhike.customers.records import Statement

    chance = random.Random(seed)
    for number in range(count):
        name = chance.choice(_SURNAMES) + chance.choice(_GIVEN) + chance.choice(_GIVEN)
        values = {
            "name": name,
            "phone": f"13{chance.randrange(10**9):09d}",
            "email": f"u{number}@example.com",
            "address": f"{chance.choice(_PLACES)} 示例路{chance.randrange(2000)}号",
            "sex": chance.choice("男女"),
        }
        yield Statement(("platform_id", str(10_000_000 + number)), _START, values, number + 1)


def orders(customers: int, lines: int, seed: int = 2) -> Iterator["OrderStatement"]:  # noqa: F821
    """Orders in the order of time, a fifth of the customers buying most of them."""
    from zhike.customers.records import Statement
    from zhike.shop.records import LineStatement, OrderStatement

    chance, written, number = random.Random(seed), 0, 0
    per_day = max(1, lines // 3 // 900)
    while written < lines:
        number += 1
        size = min(chance.choice((1, 2, 3, 3, 4, 7)), lines - written)
        written += size
        who = chance.randrange(customers) if chance.random() < 0.4 else chance.randrange(max(1, customers // 5))
        at = _START + dt.timedelta(days=number // per_day, seconds=chance.randrange(86400))
        key = ("platform_id", str(10_000_000 + who))
        bought = tuple(
            LineStatement(f"S{chance.randrange(3000)}", "", "1", f"{chance.randrange(500, 40000) / 100:.2f}")
            for _ in range(size)
        )
        yield OrderStatement(f"O{number}", at, bought, number, currency="CNY", buyer=Statement(key, at, {}, number))


def _timed(name: str, total: int, batches: Iterator[int]) -> None:
    begun = tail_begun = time.perf_counter()
    done = tail_done = 0
    for count in batches:
        done += count
        if done < total * 0.9:
            tail_begun, tail_done = time.perf_counter(), done
    now = time.perf_counter()
    tail = (done - tail_done) / max(now - tail_begun, 1e-9)
    print(
        f"{name}: {done:,} in {now - begun:.1f} s, {done / (now - begun):,.0f}/s, last tenth {tail:,.0f}/s", flush=True
    )


def _record_customers(source_id: int, count: int) -> Iterator[int]:
    from zhike.customers import actions

    batch = []
    for statement in statements(count):
        batch.append(statement)
        if len(batch) == CUSTOMER_BATCH:
            yield actions.record_statements(
                actions.prepare_statements(source_id, batch, run_id=_CUSTOMERS), lookups_later=True
            ).seen
            batch = []
    if batch:
        yield actions.record_statements(
            actions.prepare_statements(source_id, batch, run_id=_CUSTOMERS), lookups_later=True
        ).seen


def _record_orders(source_id: int, customers: int, lines: int) -> Iterator[int]:
    from zhike.shop import actions

    batch = []
    for order in orders(customers, lines):
        batch.append(order)
        if len(batch) == ORDER_BATCH:
            yield actions.record_orders(actions.prepare_orders(source_id, batch, run_id=_ORDERS)).lines
            batch = []
    if batch:
        yield actions.record_orders(actions.prepare_orders(source_id, batch, run_id=_ORDERS)).lines


def main() -> None:
    """Fill the installation and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from django.core.management import call_command

    from zhike.customers import actions as customers
    from zhike.secure import vault
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.shop import actions as shop

    call_command("migrate", verbosity=0)
    call_command("migrate", database="keyring", verbosity=0)
    vault.setup()
    source = customers.add_source(
        code="bench",
        name="Bench",
        channel_kind="shop_platform",
        platform="own",
        legal_basis="contract",
        by=LOCAL_OPERATOR,
    )
    _timed("customers recorded", wanted.customers, _record_customers(source.id, wanted.customers))
    _timed("names and identifiers indexed", wanted.customers, (done for done, _ in customers.finish_run(_CUSTOMERS)))
    _timed("order lines recorded", wanted.lines, _record_orders(source.id, wanted.customers, wanted.lines))
    _timed("customers counted", wanted.customers, (done for done, _ in shop.finish_run(_ORDERS)))


if __name__ == "__main__":
    main()

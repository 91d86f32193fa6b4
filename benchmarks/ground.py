"""A big shop to measure on: customers of an invented file, brought in by the product's own import, and orders beside them.

`python -m benchmarks.ground --customers 1000000 --lines 10000000` fills the installation that ZHIKE_HOME names (an empty one).
Customers come in through the import. Of the orders nine tenths are laid into the tables as the product would have left them,
which takes a fifth of the time; the last tenth is recorded by the very action an import calls, on top of the others, and timed.
"""

import argparse
import datetime as dt
import itertools
import os
import random
from collections.abc import Iterable, Iterator
from typing import Any

import django

from benchmarks.telling import Stopwatch, tell

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
SEED = 1  # of the customers; imports on top of them take others
SKUS = 3_000
ORDER_BATCH = 600
_CHUNK = 20_000
_ORDERS = 10**9 + 1  # a run no file will ever have


def statements(count: int, seed: int = SEED) -> Iterator["Statement"]:  # noqa: F821
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


def baskets(customers: int, lines: int, seed: int = 2) -> Iterator[tuple[int, int, dt.datetime, list[tuple[int, int]]]]:
    """Order number, buyer, moment, (product, cents) of each line; in the order of time, a fifth of the customers buying most."""
    chance, written = random.Random(seed), 0
    few, per_day = max(1, customers // 5), max(1, lines // 3 // 900)
    for number in itertools.count(1):
        if written >= lines:
            return
        size = min(chance.choice((1, 2, 3, 3, 4, 7)), lines - written)
        written += size
        who = int(chance.random() * (customers if chance.random() < 0.4 else few))
        at = _START + dt.timedelta(days=number // per_day, seconds=int(chance.random() * 86400))
        yield number, who, at, [(int(chance.random() * SKUS), 500 + int(chance.random() * 39500)) for _ in range(size)]


def _lay_orders(source_id: int, records: list[int], wanted: Iterable[Any]) -> int:
    """Lay orders into the tables as recording leaves them: order, version, sighting, lines; every cell as SQLite keeps it."""
    from django.db import transaction

    from zhike.kit import bulk, changes, clock, ids
    from zhike.shop.actions import takings
    from zhike.shop.actions.orders import _LINE, _NEW_ORDER, _VERSION
    from zhike.shop.actions.preparation import rank_of

    made, rank, now, chance = 0, rank_of(_ORDERS), str(clock.now().replace(tzinfo=None)), random.Random(3)
    products = _products(source_id)
    for some in iter(lambda it=iter(wanted): list(itertools.islice(it, _CHUNK)), []):
        order_ids, version_ids = ids.take("order", len(some)), ids.take("order_version", len(some))
        line_ids = iter(ids.take("order_line", sum(len(one[3]) for one in some)))
        orders, versions, lines = [], [], []
        for (number, who, at, bought), order, version in zip(some, order_ids, version_ids, strict=True):
            cents, count, record = sum(c for _, c in bought), len(bought), records[who]
            stated = (
                record,
                "",
                str(at.replace(tzinfo=None)),
                None,
                "sale",
                "completed",
                "CNY",
                cents,
                0,
                0,
                0,
                cents,
                cents,
                count,
                count,
            )
            orders.append((order, f"bench{order}", source_id, f"O{number}", version, *stated, 1))
            digest = chance.randbytes(16)
            versions.append((version, order, digest, f'{{"net_cents":{cents}}}', record, None, None, rank, now))
            lines += [
                (next(line_ids), version, n, products[p], "", "goods", 1, f"{c / 100:.2f}", c, False)
                for n, (p, c) in enumerate(bought, 1)
            ]
        with transaction.atomic():
            changes.next_seq()
            bulk.insert_many("shop_order", _NEW_ORDER, orders, plain=True)
            bulk.insert_many("shop_orderversion", _VERSION, versions, plain=True)
            sightings = ((v, _ORDERS, one[0]) for v, one in zip(version_ids, some, strict=True))
            bulk.insert_many("shop_ordersighting", ("version_id", "run_id", "row_no"), sightings)
            bulk.insert_many("shop_orderline", _LINE, lines, plain=True)
        made += len(lines)
    takings.add_up()
    return made


def _products(source_id: int) -> list[int]:
    from django.db import transaction

    from zhike.kit import bulk, changes, ids
    from zhike.shop.actions.orders import PRODUCT

    made = list(ids.take("product", SKUS))
    with transaction.atomic():
        seq = changes.next_seq()
        rows = ((i, source_id, f"S{n}", f"S{n}", "goods", seq) for n, i in enumerate(made))
        bulk.insert_many("shop_product", PRODUCT, rows)
    return made


def _record_orders(source_id: int, wanted: Iterable[Any]) -> int:
    """The same through the product: priced, keyed, matched with their buyers, recorded."""
    from zhike.customers.records import Statement
    from zhike.shop import actions
    from zhike.shop.records import LineStatement, OrderStatement

    made = 0
    for some in iter(lambda it=iter(wanted): list(itertools.islice(it, ORDER_BATCH)), []):
        orders = [
            OrderStatement(
                f"O{number}",
                at,
                tuple(LineStatement(f"S{p}", "", "1", f"{cents / 100:.2f}") for p, cents in bought),
                number,
                currency="CNY",
                buyer=Statement(("platform_id", str(10_000_000 + who)), at, {}, number),
            )
            for number, who, at, bought in some
        ]
        made += actions.record_orders(actions.prepare_orders(source_id, orders, run_id=_ORDERS)).lines
    return made


class _IndexesLater:
    """On SQLite, the plain indexes of the order tables are built once, sorted, instead of grown row by row."""

    _TABLES = ("shop_order", "shop_orderversion", "shop_ordersighting", "shop_orderline")

    def __enter__(self) -> None:
        from django.db import connection

        self._made: list[str] = []
        if connection.vendor != "sqlite":
            return
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA cache_size=-1000000")
            for table in self._TABLES:
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s AND sql IS NOT NULL",
                    [table],
                )
                for name, sql in cursor.fetchall():
                    cursor.execute(f'DROP INDEX "{name}"')
                    self._made.append(sql)

    def __exit__(self, *_: object) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            for sql in self._made:
                cursor.execute(sql)
        connection.close()  # and with it the large cache


def main() -> None:
    """Fill the installation and tell the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--lines", type=int, default=1_000_000)
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from django.core.management import call_command

    from benchmarks.imports import bring_in, export_of
    from zhike.secure import builtin_roles, vault

    call_command("migrate", verbosity=0)
    call_command("migrate", database="keyring", verbosity=0)
    vault.setup()
    builtin_roles.install()
    source_id = bring_in(export_of(wanted.customers), "bench", "on top of nothing")
    if wanted.lines:
        _orders(source_id, wanted.customers, wanted.lines)


def _orders(source_id: int, customers: int, lines: int) -> None:
    from django.db import connection

    from zhike.shop import actions as shop

    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM customers_sourcerecord WHERE source_id = %s ORDER BY id", [source_id])
        records = [row[0] for row in cursor.fetchall()]
    every, watch = baskets(customers, lines), Stopwatch()
    with _IndexesLater():
        laid = _lay_orders(source_id, records, _first_lines(every, lines - min(lines // 10, 300_000)))
    print(f"  {laid:,} order lines laid in {watch.read()[0]:.0f} s", flush=True)
    watch = Stopwatch()
    made = _record_orders(source_id, every)
    seconds, processor = watch.read()
    tell(
        f"order lines recorded on top of {laid:,}",
        made / seconds,
        "/s",
        at_least=15_000,
        processor=f"{processor / made * 1e6:.0f} µs a line",
    )
    watch = Stopwatch()
    counted = sum(done for done, _ in shop.finish_run(_ORDERS))
    seconds, processor = watch.read()
    tell("buyers counted", counted / seconds, "/s", processor=f"{processor / counted * 1e6:.0f} µs each")


def _first_lines(every: Iterator[Any], lines: int) -> Iterator[Any]:
    """Orders until so many lines are reached; what follows stays in the stream."""
    laid = 0
    while laid < lines:
        one = next(every)
        laid += len(one[3])
        yield one


if __name__ == "__main__":
    main()

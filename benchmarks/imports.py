"""A file of customers, and one of orders, brought in on top of what is there: stored, normalized, sealed, matched, recorded, indexed.

`python -m benchmarks.imports --rows 200000 --lines 200000` takes the installation that ZHIKE_HOME names (made by `benchmarks.ground`) and
imports an invented export of that many customers through the very actions of the wizard; every tenth is known already to the
other shop by their e-mail. The target is 5,000 rows a second on top of a million customers (4,000 on PostgreSQL). Beside it, as
a measure of the machine in the same minute (whose load lengthens both): `bulk_create` of as many bare rows with four indexed columns.
"""

import argparse
import csv
import io
import itertools
import os
import random
import resource
from collections.abc import Mapping
from dataclasses import dataclass

import django

from benchmarks.ground import SEED, statements
from benchmarks.telling import Stopwatch, tell

_MAPPING = """
kind: customers
platform: bench
customer:
  keys: [{platform_id: 会员编号}]
  fields: {name: 姓名, phone: 手机, email: 邮箱, address: 地址, sex: 性别}
  joins: [email, phone]
"""
_ORDERS = """
kind: orders
platform: bench
row_per: line
zone: Europe/London
currency: GBP
order: {id: InvoiceNo, ordered_at: InvoiceDate}
buyer:
  keys: [{platform_id: CustomerID}]
lines: {sku: StockCode, title: Description, quantity: Quantity, unit_price: UnitPrice}
"""
_HEADERS = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
TARGETS = {"sqlite": 5_000, "postgresql": 4_000}
LINES_TARGET = 15_000


def export_of(rows: int, seed: int = SEED) -> bytes:
    """A CSV file of invented members: those of the ground, or others of whom every tenth has an e-mail of the ground."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["会员编号", "姓名", "手机", "邮箱", "地址", "性别"])
    for number, one in enumerate(statements(rows, seed)):
        first, known = seed == SEED, number % 10 == 0
        email = one.values["email"] if first or known else f"{seed}n{number}@example.com"
        key = one.key[1] if first else f"{seed}-{number}"
        person = (one.values[name] for name in ("name", "phone"))
        writer.writerow([key, *person, email, one.values["address"], one.values["sex"]])
    return text.getvalue().encode()


def orders_of(customers: int, lines: int, seed: int) -> bytes:
    """A CSV file of order lines in the columns and the shape of UCI Online Retail: 21 lines an invoice, 124 a customer.

    The buyers are those of the ground.
    """
    text, chance, written = io.StringIO(), random.Random(seed), 0
    writer = csv.writer(text)
    writer.writerow(_HEADERS)
    regulars = [10_000_000 + chance.randrange(customers) for _ in range(max(1, lines // 124))]
    for number in itertools.count(1):
        if written >= lines:
            return text.getvalue().encode()
        count = min(1 + int(chance.expovariate(1 / 20)), lines - written)
        written += count
        at = f"2026-0{1 + number % 9}-{1 + number % 28:02d} {number % 24:02d}:{number % 60:02d}:00"
        buyer = chance.choice(regulars)
        for _ in range(count):
            product = chance.randrange(3_000)
            row = [f"{seed}-{number}", f"S{product}", f"INVENTED TEA BOX {product}", 1 + chance.randrange(24), at]
            writer.writerow([*row, f"{1 + chance.randrange(900) / 100:.2f}", buyer, "United Kingdom"])
    raise AssertionError("the numbers of orders came to an end")


@dataclass(frozen=True)
class Spent:
    """What an import counted, and its seconds: by the clock, of the recording process, of those it started."""

    counts: Mapping[str, int]
    seconds: float
    recording_s: float
    ahead_s: float

    def tell(self, what: str, where: str, count: int, target: float, unit: str) -> None:
        """The pace, and how the work was shared."""
        each, own = unit.removesuffix("s"), self.recording_s / count * 1e6
        both = f"{own + self.ahead_s / count * 1e6:.0f} µs a {each}"
        tell(f"{what}, {where}", count / self.seconds, f"{unit}/s", at_least=target, processor=both)
        most = 1e6 / target  # each of two processes may spend what the pace leaves a row
        tell(f"… of it the recording process, {where}", own, f"µs/{each}", at_most=most)
        tell(f"… of it the process that reads ahead, {where}", self.ahead_s / count * 1e6, f"µs/{each}", at_most=most)


def _imported(content: bytes, name: str, kind: str, mapping: str, source_id: int) -> Spent:
    """Import a file as the wizard does."""
    from zhike.collect import actions, queries
    from zhike.secure.records import LOCAL_OPERATOR

    run = actions.store_file(io.BytesIO(content), name, by=LOCAL_OPERATOR)
    actions.describe(run.id, kind=kind, template_code="", mapping_text=mapping, by=LOCAL_OPERATOR)
    actions.choose_source(run.id, source_id, by=LOCAL_OPERATOR)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    watch, own, ahead = Stopwatch(), _own_s(), _children_s()
    _run_import()
    facts = queries.run(run.public_id)
    spent = Spent(dict(facts.counts) if facts else {}, watch.read()[0], _own_s() - own, _children_s() - ahead)
    if not spent.counts.get("rows"):
        raise SystemExit("the import recorded nothing")
    return spent


def bring_in(content: bytes, code: str, where: str) -> int:
    """Import a file of customers into a source of its own and tell the pace; returns the source."""
    from django.db import connection

    from zhike.customers import actions as customers
    from zhike.secure.records import LOCAL_OPERATOR

    source = customers.add_source(
        code=code,
        name=code.title(),
        channel_kind="shop_platform",
        platform="own",
        legal_basis="contract",
        by=LOCAL_OPERATOR,
    )
    spent = _imported(content, "members.csv", "customers", _MAPPING, source.id)
    counts = spent.counts
    print(f"  {counts['rows']:,} rows, {counts.get('joined', 0):,} joined, {counts.get('rejected', 0):,} rejected")
    spent.tell("customers imported", where, counts["rows"], TARGETS[connection.vendor], "rows")
    return source.id


def bring_in_orders(lines: int, seed: int, where: str) -> None:
    """Import a file of orders of the ground's own customers and tell the pace."""
    from zhike.customers import queries
    from zhike.customers.models import SourceRecord

    source_id = next(source.id for source in queries.sources() if source.code == "bench")
    customers = SourceRecord.objects.filter(source_id=source_id).count()
    spent = _imported(orders_of(customers, lines, seed), "orders.csv", "orders", _ORDERS, source_id)
    spent.tell("order lines imported", where, spent.counts["lines"], LINES_TARGET, "lines")


def _run_import() -> None:
    """The import alone, its end included; what it leaves to do in the background (matching, checks) has measurements of its own."""
    from zhike.kit.jobs.lease import claim, owner_name
    from zhike.kit.jobs.registry import LANES
    from zhike.kit.jobs.runner import run_claimed
    from zhike.kit.models import Job

    while job := next((job for lane in LANES if (job := claim(lane, owner_name()))), None):
        if error := run_claimed(job):
            raise error
        if job.name.startswith("collect."):
            Job.objects.filter(state=Job.QUEUED).delete()
            return
    raise SystemExit("no import was waiting")


def _own_s() -> float:
    spent = os.times()
    return spent.user + spent.system


def _children_s() -> float:
    """Processor time of the processes that ended: the one that read ahead among them."""
    spent = os.times()
    return spent.children_user + spent.children_system


def _bare(rows: int) -> None:
    from django.db import connection, models, transaction

    class Bare(models.Model):
        number = models.CharField(max_length=24, db_index=True)
        name = models.CharField(max_length=80, db_index=True)
        phone = models.CharField(max_length=20, db_index=True)
        email = models.CharField(max_length=80, db_index=True)

        class Meta:
            app_label = "benchmarks"

    with connection.schema_editor() as editor:
        editor.create_model(Bare)
    made = [Bare(number=f"{n}", name=f"n{n * 7919 % rows}", phone=f"{n * 104729}", email=f"{n}@x") for n in range(rows)]
    watch = Stopwatch()
    with transaction.atomic():
        Bare.objects.bulk_create(made, batch_size=1_000)
    seconds, processor = watch.read()
    with connection.schema_editor() as editor:
        editor.delete_model(Bare)
    tell(
        "bulk_create of as many bare rows", rows / seconds, "rows/s", processor=f"{processor / rows * 1e6:.0f} µs a row"
    )


def main() -> None:
    """Import and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--lines", type=int, default=200_000)
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from zhike.customers import queries
    from zhike.customers.models import Customer

    known = sum(1 for source in queries.sources() if source.code.startswith("bench"))
    _bare(wanted.rows)
    content = export_of(wanted.rows, seed=100 + known)
    where = f"on top of {Customer.objects.count():,}"
    bring_in(content, f"bench-{100 + known}", where)
    if wanted.lines:
        bring_in_orders(wanted.lines, 100 + known, where)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = len(content) / 2**20
    tell("largest memory of the recording process", peak, "MB", peer=f"{size:,.0f} MB of it the invented file")


if __name__ == "__main__":
    main()

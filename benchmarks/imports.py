"""A file of customers brought in on top of what is there: stored, normalized, sealed, matched, recorded, indexed.

`python -m benchmarks.imports --rows 200000` takes the installation that ZHIKE_HOME names (made by `benchmarks.ground`) and
imports an invented export of that many customers through the very actions of the wizard; every tenth is known already to the
other shop by their e-mail. The target is 5,000 rows a second on top of a million customers (4,000 on PostgreSQL). Beside it, as
a measure of the machine in the same minute (whose load lengthens both): `bulk_create` of as many bare rows with four indexed columns.
"""

import argparse
import csv
import io
import os
import resource

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
TARGETS = {"sqlite": 5_000, "postgresql": 4_000}


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


def bring_in(content: bytes, code: str, where: str) -> int:
    """Import a file into a source of its own, as the wizard does, and tell the pace; returns the source."""
    from django.db import connection

    from zhike.collect import actions, queries
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
    run = actions.store_file(io.BytesIO(content), "members.csv", by=LOCAL_OPERATOR)
    actions.describe(run.id, kind="customers", template_code="", mapping_text=_MAPPING, by=LOCAL_OPERATOR)
    actions.choose_source(run.id, source.id, by=LOCAL_OPERATOR)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    watch = Stopwatch()
    own, ahead = _own_s(), _children_s()
    _run_import()
    seconds, processor = watch.read()
    recording, reading = _own_s() - own, _children_s() - ahead
    facts = queries.run(run.public_id)
    counts = dict(facts.counts) if facts else {}
    rows = counts.get("rows", 0)
    if not rows:
        raise SystemExit("the import recorded nothing")
    print(f"  {rows:,} rows, {counts.get('joined', 0):,} joined, {counts.get('rejected', 0):,} rejected", flush=True)
    processors = f"{processor / rows * 1e6:.0f} µs a row"
    tell(
        f"customers imported, {where}",
        rows / seconds,
        "rows/s",
        at_least=TARGETS[connection.vendor],
        processor=processors,
    )
    tell(f"… of it the recording process, {where}", recording / rows * 1e6, "µs/row", at_most=200)
    tell(f"… of it the process that reads ahead, {where}", reading / rows * 1e6, "µs/row", at_most=200)
    return source.id


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
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from zhike.customers import queries
    from zhike.customers.models import Customer

    known = sum(1 for source in queries.sources() if source.code.startswith("bench"))
    _bare(wanted.rows)
    content = export_of(wanted.rows, seed=100 + known)
    bring_in(content, f"bench-{100 + known}", f"on top of {Customer.objects.count():,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = len(content) / 2**20
    tell("largest memory of the recording process", peak, "MB", peer=f"{size:,.0f} MB of it the invented file")


if __name__ == "__main__":
    main()

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
import time
from pathlib import Path

import django

_MAPPING = """
kind: customers
platform: bench
customer:
  keys: [{platform_id: 会员编号}]
  fields: {name: 姓名, phone: 手机, email: 邮箱, address: 地址, sex: 性别}
  joins: [email, phone]
"""


def export_of(rows: int, seed: int) -> bytes:
    """A CSV file of invented members; every tenth has the e-mail of a customer of `benchmarks.ground`."""
    from benchmarks.ground import statements

    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["会员编号", "姓名", "手机", "邮箱", "地址", "性别"])
    for number, one in enumerate(statements(rows, seed)):
        email = one.values["email"] if number % 10 == 0 else f"{seed}n{number}@example.com"
        values = (one.values[name] for name in ("name", "phone"))
        writer.writerow([f"{seed}-{number}", *values, email, one.values["address"], one.values["sex"]])
    return text.getvalue().encode()


def _import(content: bytes, seed: int) -> None:
    from zhike.collect import actions, queries
    from zhike.customers import actions as customers
    from zhike.kit import jobs
    from zhike.secure.records import LOCAL_OPERATOR

    source = customers.add_source(
        code=f"bench-{seed}",
        name=f"Bench {seed}",
        channel_kind="shop_platform",
        platform="own",
        legal_basis="contract",
        by=LOCAL_OPERATOR,
    )
    run = actions.store_file(io.BytesIO(content), "members.csv", by=LOCAL_OPERATOR)
    actions.describe(run.id, kind="customers", template_code="", mapping_text=_MAPPING, by=LOCAL_OPERATOR)
    actions.choose_source(run.id, source.id, by=LOCAL_OPERATOR)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    begun, busy = time.perf_counter(), time.process_time()
    jobs.run_pending()
    seconds, worked = time.perf_counter() - begun, time.process_time() - busy
    facts = queries.run(run.public_id)
    counts = dict(facts.counts) if facts else {}
    rows = counts.get("rows", 0)
    print(
        f"import of {rows:,} customers ({counts.get('joined', 0):,} joined, {counts.get('rejected', 0):,} rejected): "
        f"{seconds:.1f} s, {rows / seconds:,.0f} rows/s; the recording process worked {worked / max(rows, 1) * 1e6:.0f} µs a row, "
        f"so that a core of its own would record {rows / max(worked, 1e-9):,.0f} rows/s",
        flush=True,
    )


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
    begun = time.perf_counter()
    with transaction.atomic():
        Bare.objects.bulk_create(made, batch_size=1_000)
    seconds = time.perf_counter() - begun
    with connection.schema_editor() as editor:
        editor.delete_model(Bare)
    print(f"bulk_create of {rows:,} bare rows: {seconds:.1f} s, {rows / seconds:,.0f} rows/s", flush=True)


def main() -> None:
    """Import and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    wanted = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhike.config.settings")
    django.setup()
    from zhike.customers import queries

    known = sum(1 for source in queries.sources() if source.code.startswith("bench"))
    print(f"loads before: {Path('/proc/loadavg').read_text().split()[0]}")
    _bare(wanted.rows)
    content = export_of(wanted.rows, seed=100 + known)
    _import(content, seed=100 + known)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"largest memory of the process: {peak:,.0f} MB, {len(content) / 2**20:,.0f} MB of it the invented file")


if __name__ == "__main__":
    main()

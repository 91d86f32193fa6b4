"""Half a million real lines through the command line; every customer's scores against a computation from the file."""

import csv
import datetime as dt
import gzip
import io
import json
import os
import subprocess
import sys
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
AS_OF = dt.date(2011, 12, 10)
# What the mapping file calls fees and adjustments: no revenue (AMAZONFEE, bank charges, manual entries …).
NO_REVENUE = {"BANK CHARGES", "AMAZONFEE", "CRUK", "M", "B"}


def zhike(home, *words, given=""):
    environment = {**os.environ, "ZHIKE_HOME": str(home), "ZHIKE_LANGUAGE": "en", "PYTHONPATH": str(CHECKOUT / "src")}
    for name in ("ZHIKE_DATABASE", "ZHIKE_KEYRING", "ZHIKE_TESTING"):
        environment.pop(name, None)
    code = "import sys; from zhike.cli import main; main(sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def from_the_file(path):
    """(days since, purchases, cents) of everybody with a purchase, in plain Python from the lines."""
    invoices = defaultdict(int)
    days = {}
    with gzip.open(path, "rt", encoding="utf-8-sig") as stream:
        for row in csv.DictReader(stream):
            if not row["CustomerID"]:
                continue
            key = (str(int(float(row["CustomerID"]))), row["InvoiceNo"])
            line = (Decimal(row["Quantity"]) * Decimal(row["UnitPrice"]) * 100).quantize(Decimal(1), ROUND_HALF_UP)
            invoices[key] += 0 if row["StockCode"] in NO_REVENUE else int(line)
            days.setdefault(key, moment(row["InvoiceDate"]).date())
    people = defaultdict(lambda: [None, 0, 0])
    for (person, invoice), cents in invoices.items():
        found = people[person]
        found[2] += cents
        if cents > 0 and not invoice.startswith("C"):
            found[1] += 1
            found[0] = max(filter(None, [found[0], days[person, invoice]]))
    return sorted(((AS_OF - last).days, times, cents) for last, times, cents in people.values() if times)


def moment(text):
    for form in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%Y-%m-%d %H:%M"):
        try:
            return dt.datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError(text)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_customer_of_online_retail_is_scored_as_the_file_says(tmp_path, shared_data):
    file = shared_data / "online_retail" / "online_retail.csv.gz"
    shop = ["--shop", "Online Retail", "--time-zone", "Europe/London", "--currency", "GBP"]
    zhike(
        tmp_path, "init", "--email", "owner@zhike.example", "--password-stdin", *shop, given="guests-come-back-soon\n"
    )
    mapping = CHECKOUT / "docs" / "mappings" / "online-retail.yaml"
    zhike(tmp_path, "import", "orders", str(file), "--mapping", str(mapping), "--source", "online-retail")
    told = json.loads(zhike(tmp_path, "analyze", "run", "--as-of", AS_OF.isoformat(), "--json"))
    out = tmp_path / "rfm.csv"
    zhike(tmp_path, "analyze", "rfm", "--csv", str(out))
    rows = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))[1:]
    scored = [row for row in rows if row[3]]
    found = sorted((int(row[6]), int(row[7]), int(row[8])) for row in scored)
    assert found == from_the_file(file)
    assert told["customers"] == 4372
    assert told["scored"] == len(scored)
    assert sum(row["customers"] for row in told["classes"]) == len(scored)

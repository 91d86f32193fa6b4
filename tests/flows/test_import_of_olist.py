"""A marketplace's related tables come in by the mapping files of the documentation, and every count and sum is the data's own."""

import csv
import gzip
import io
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from tests.architecture.source import ROOT
from tests.collect.importing import counted, csv_bytes, found, source_id, undone
from zhike.collect import actions, queries
from zhike.collect.reading import FileProblem
from zhike.collect.records import RunFacts
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Table = Callable[[str], Path]


@pytest.fixture
def olist(shared_data: Path) -> Table:
    return lambda name: shared_data / "olist_sample3k" / name


def rows(file: Path) -> list[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bring(main: Path, mapping: str, **related: Path) -> RunFacts:
    text = (ROOT / "docs" / "mappings" / f"{mapping}.yaml").read_text(encoding="utf-8")
    run = actions.store_file(io.BytesIO(main.read_bytes()), main.name, by=BY)
    for name, file in related.items():
        actions.add_related(run.id, name, io.BytesIO(file.read_bytes()), by=BY)
    actions.describe(run.id, mapping_text=text, by=BY)
    actions.choose_source(run.id, source_id("olist"), by=BY)
    actions.start_import(run.id, by=BY)
    jobs.run_pending()
    return found(run)


def orders(olist: Table) -> RunFacts:
    return bring(
        olist("olist_orders.csv.gz"), "olist-orders",
        items=olist("olist_order_items.csv.gz"), customers=olist("olist_customers.csv.gz"),
        payments=olist("olist_order_payments.csv.gz"),
    )  # fmt: skip


def summed(column: str, table: str, where: str = "TRUE") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum({column}) FROM {table} WHERE {where}")
        return int(cursor.fetchone()[0])


def cents(file: Path, column: str) -> int:
    return int(sum((Decimal(row[column]) for row in rows(file)), Decimal(0)) * 100)


def test_orders_items_customers_and_payments_come_in_as_one_and_add_up_to_the_cent(olist: Table) -> None:
    published = {
        name: int(count.replace(",", ""))
        for name, count in re.findall(r"(orders|order_items|products) ([\d,]+)", olist("README.md").read_text(encoding="utf-8"))
    }  # fmt: skip
    run = orders(olist)
    assert (run.counts["new"], run.counts["rejected"]) == (published["orders"], 0), queries.rejects(run.id)
    assert counted("shop_orderline", "kind = 'goods' AND amount_cents > 0") == published["order_items"] == 3_397
    assert (counted("customers_customer", "is_root"), run.counts["without_customer"]) == (2_995, 0)
    assert counted("shop_product", "sku NOT LIKE 'title:%'") == published["products"] == 2_452
    items = olist("olist_order_items.csv.gz")
    assert summed("goods_cents", "shop_order") == cents(items, "price")
    assert summed("postage_cents", "shop_order") == cents(items, "freight_value")
    dead = {row["order_id"] for row in rows(olist("olist_orders.csv.gz")) if row["order_status"] in ("created", "canceled", "unavailable")}  # fmt: skip
    paid = sum(
        Decimal(p["payment_value"]) for p in rows(olist("olist_order_payments.csv.gz")) if p["order_id"] not in dead
    )
    assert summed("net_cents", "shop_order") == int(paid * 100)
    first, last = "2016-10-04", "2018-09-03"
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(ordered_at), max(ordered_at) FROM shop_order")
        assert [str(moment)[:10] for moment in cursor.fetchone()] == [first, last]


def test_products_take_their_category_from_the_table_of_translations_and_orders_their_products(olist: Table) -> None:
    catalogue = bring(
        olist("olist_products.csv.gz"), "olist-products", english=olist("product_category_name_translation.csv")
    )
    assert (catalogue.counts["new"], catalogue.counts["rejected"]) == (2_452, 0)
    named = {row["product_id"] for row in rows(olist("olist_products.csv.gz")) if row["product_category_name"]}
    assert counted("shop_product", "category <> ''") == len(named)
    assert counted("shop_product", "category = 'health_beauty'") == sum(
        row["product_category_name"] == "beleza_saude" for row in rows(olist("olist_products.csv.gz"))
    )
    orders(olist)
    assert counted("shop_product", "sku NOT LIKE 'title:%'") == 2_452
    undone(catalogue)
    assert (counted("shop_product", "category <> ''"), counted("shop_order")) == (0, 3_000)


def test_the_list_of_customers_is_the_persons_and_not_their_orders(olist: Table) -> None:
    run = bring(olist("olist_customers.csv.gz"), "olist-customers")
    assert (run.counts["new"], run.counts["repeated_in_file"]) == (2_995, 5)
    assert counted("customers_customercard", "city = 'sao paulo'") > 0


def test_a_related_table_that_is_missing_or_lacks_its_key_is_named(olist: Table, tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="related_missing") as caught:
        bring(olist("olist_products.csv.gz"), "olist-products")
    assert caught.value.params["names"] == ["english"]
    other = tmp_path / "other.csv"
    other.write_bytes(csv_bytes(["a", "b"], [["1", "2"]]))
    with pytest.raises(FileProblem, match="columns_missing"):
        bring(olist("olist_products.csv.gz"), "olist-products", english=other)


def test_the_related_tables_come_in_by_the_browser_too(olist: Table, as_owner: Client) -> None:
    mapping = ROOT / "docs" / "mappings" / "olist-products.yaml"
    files = {name: io.BytesIO(path.read_bytes()) for name, path in (
        ("file", olist("olist_products.csv.gz")), ("mapping", mapping), ("related", olist("product_category_name_translation.csv")),
    )}  # fmt: skip
    files["file"].name, files["mapping"].name = "olist_products.csv.gz", "m.yaml"
    files["related"].name = "product_category_name_english.csv"
    answer = as_owner.post("/collect/imports/new/", files)
    assert answer.status_code == 302, answer.context["form"].errors
    (run,) = queries.runs()
    assert (run.error_code, run.kind, run.state) == ("", "products", "stored")

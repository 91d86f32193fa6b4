"""Workbooks and JSON Lines go through the same engine as CSV: the same rows, the same row numbers, the same rejects."""

import io
import json
from pathlib import Path

import pytest

from tests.collect.importing import HEADERS, brought, checked, counted, csv_bytes, order_row, state, undone
from tests.collect.workbooks import sheet_xml, workbook
from zhike.collect import actions, queries
from zhike.collect.reading import FileProblem
from zhike.collect.reading.workbook import Sheets, csv_of_workbook
from zhike.secure.records import LOCAL_OPERATOR

ROWS = [order_row("O1", "c1", name="王小明"), order_row("O2", "c2", price="bad"), order_row("O3", "c3", sku="B2")]


def as_csv(content: bytes, sheet: str = "") -> list[str]:
    told = Sheets()
    text = b"".join(csv_of_workbook(io.BytesIO(content), len(content), sheet, told))
    return text.decode().split("\n")


def test_cells_come_as_a_spreadsheet_means_them_and_formulas_are_never_run() -> None:
    rows = [
        ["text", "whole", "decimal", "moment", "day", "yes", "formula", "long"],
        ["a,b", 12, 59.9, ("date", 44256.43061342592), ("date", 44256), True, ("formula", "1+1", "saved"), 351531314732935790],
        [None, -3, 0.1 + 0.2, None, None, False, ("formula", "CMD()", "=cmd()"), 123456789012345],
    ]  # fmt: skip
    found = as_csv(workbook({"Sheet1": rows}))
    assert found[1] == '"a,b",12,59.9,2021-03-01 10:20:05,2021-03-01,TRUE,saved,3.51531314732936E+17'
    assert found[2] == ",-3,0.3,,,FALSE,=cmd(),123456789012345"


def test_the_first_sheet_with_something_in_it_is_read_and_any_other_can_be_chosen() -> None:
    book = workbook({"空": [], "订单": [["a"], ["1"]], "other": [["b"], ["2"]]})
    assert as_csv(book)[0] == "a"
    assert as_csv(book, "other")[0] == "b"
    with pytest.raises(FileProblem, match="sheet_unknown") as caught:
        as_csv(book, "none")
    assert "订单" in caught.value.params["known"]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_workbook_leaves_what_the_same_rows_as_csv_leave() -> None:
    from_csv = brought(csv_bytes(HEADERS, ROWS))
    by_csv, told = state(), queries.rejects(from_csv.id)
    undone(from_csv)
    run = brought(workbook({"Sheet1": [HEADERS, *ROWS]}), name="orders.xlsx")
    assert run.counts["new"] == 0 or run.counts["new"] + run.counts["updated"] == 2
    assert state() == by_csv
    assert queries.rejects(run.id) == told
    assert told[0][0] == 3


@pytest.mark.django_db
def test_rows_are_numbered_as_the_sheet_numbers_them() -> None:
    sheet = sheet_xml([HEADERS, *ROWS], first_row=5)
    run = brought(workbook({"Sheet1": sheet}), name="orders.xlsx")
    assert [row for row, _, _, fatal in queries.rejects(run.id) if fatal] == [7]
    assert "O2" in "".join(queries.rejects_csv(run.id))


@pytest.mark.django_db
def test_numbers_a_spreadsheet_has_shortened_are_kept_out() -> None:
    run = brought(workbook({"S": [HEADERS, order_row("x"), [351531314732935790, *order_row("x")[1:]]]}))  # type: ignore[list-item]
    assert queries.reject_counts(run.id) == {"digits_lost": 1}


@pytest.mark.django_db
def test_another_sheet_can_be_chosen_when_the_file_is_described() -> None:
    book = workbook({"说明": [["read me"]], "订单": [HEADERS, *ROWS]})
    run = actions.store_file(io.BytesIO(book), "two.xlsx", by=LOCAL_OPERATOR)
    with pytest.raises(FileProblem):
        actions.describe(run.id, by=LOCAL_OPERATOR)
    from tests.collect.importing import ORDERS_MAPPING

    told = actions.describe(run.id, mapping_text=ORDERS_MAPPING, sheet="订单", by=LOCAL_OPERATOR)
    assert (told.sheet, told.sheets) == ("订单", ("说明", "订单"))


@pytest.mark.django_db
def test_the_table_made_of_a_workbook_lies_sealed_and_goes_with_it(home: Path) -> None:
    from zhike.collect import storage
    from zhike.collect.models import ImportRun

    run = brought(workbook({"S": [HEADERS, order_row("O1", "c1", name="张三丰")]}))
    key = ImportRun.objects.get(id=run.id).table_key
    assert "张三丰".encode() not in storage.place_of(key).read_bytes()
    from zhike.kit import clock, jobs

    with clock.freeze(clock.after(31 * 86_400)):
        jobs.enqueue("collect.forget_files")
        jobs.run_pending()
    assert not storage.place_of(key).exists()


JSON_MAPPING = """
kind: orders
platform: test_shop
row_per: line
zone: Asia/Shanghai
currency: CNY
order: {id: id, ordered_at: created_at, total: total_price}
buyer:
  keys: [{email: customer.email}]
  fields: {name: customer.name, email: customer.email, city: customer.address.city}
lines: {sku: line_items.sku, quantity: line_items.quantity, unit_price: line_items.price}
"""
JSON_ORDERS = [
    {"id": 820982911946154508, "created_at": "2021-03-01T10:00:00+08:00", "total_price": 35.50, "tags": ["a", "b"],
     "customer": {"email": "ann@example.com", "name": "Ann Lee", "address": {"city": "Boston"}}, "tax_lines": [{"price": "1.00"}],
     "line_items": [{"sku": "A", "quantity": 2, "price": "10.25"}, {"sku": "B", "quantity": 1, "price": "15.00"}]},
    {"id": 2, "created_at": "never", "customer": {"email": "bob@example.com"}, "line_items": [{"sku": "A", "quantity": 1, "price": "5"}]},
]  # fmt: skip


@pytest.mark.django_db
def test_json_lines_come_in_with_nested_names_lines_unfolded_and_long_numbers_whole() -> None:
    content = "\n".join(["", *(json.dumps(order, ensure_ascii=False) for order in JSON_ORDERS)]).encode()
    run = brought(content, mapping=JSON_MAPPING, name="orders.jsonl")
    assert (run.counts["new"], run.counts["lines"], run.counts["rejected"]) == (1, 2, 1)
    assert counted("shop_order", "external_id = '820982911946154508' AND total_cents = 3550") == 1
    assert counted("customers_customercard", "city = 'Boston' AND name = 'Ann Lee'") == 1
    assert [row for row, *_ in queries.rejects(run.id)] == [3]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content, code",
    [
        (b'{"a": 1}\n{"a": \n', "json_damaged"),
        (b'[\n{"a": 1}\n]', "json_one_document"),
        (b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", "json_damaged"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "json_damaged"),
        (json.dumps({f"k{n}": 1 for n in range(3000)}).encode(), "too_many_columns"),
        (b"{}\n{}\n", "empty_file"),
    ],
)
def test_json_lines_that_are_none_are_refused_with_their_line(content: bytes, code: str) -> None:
    with pytest.raises(FileProblem) as caught:
        checked(content, mapping=JSON_MAPPING)
    assert caught.value.code == code

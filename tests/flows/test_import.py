"""A merchant brings in files: what comes in, what is kept out and why, what happens the second time, and the way back."""

import datetime as dt
import io

import pytest
from django.db import OperationalError

from tests.collect.importing import (
    HEADERS,
    brought,
    checked,
    counted,
    csv_bytes,
    found,
    order_row,
    planned,
    state,
    undone,
)
from zhike.collect import actions, queries, storage
from zhike.collect.reading import FileProblem
from zhike.kit import clock, jobs
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop import actions as shop

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def orders_file(*rows: list[object]) -> bytes:
    return csv_bytes(HEADERS, rows)


THREE = orders_file(
    order_row("O1", "c1", name="王小明", email="wang@example.com", phone="13800000001"),
    order_row("O1", "c1", sku="POST", price="8.00"),
    order_row("O2", "c2", name="李秀英", quantity=3),
    order_row("O3", ""),
)


def test_orders_come_in_with_their_customers_and_lines() -> None:
    run = brought(THREE)
    assert run.state == "done"
    assert {name: run.counts[name] for name in ("new", "lines", "customers_new", "without_customer", "rows", "rejected")} == {
        "new": 3, "lines": 4, "customers_new": 2, "without_customer": 1, "rows": 4, "rejected": 0,
    }  # fmt: skip
    assert run.counts["total_cents"] == 1000 + 800 + 3000 + 1000


def test_the_check_says_what_would_come_in_and_writes_none_of_it() -> None:
    result = checked(THREE)
    assert (result["rows"], result["orders"], result["lines"], result["customer_keys"]) == (4, 3, 4, 2)
    assert result["line_kinds"] == {"goods": 3, "postage": 1}
    assert result["why_without_customer"] == {"not_given": 1}
    assert result["total_cents"] == 5800
    assert counted("shop_order") == counted("customers_sourcerecord") == 0


def test_the_same_file_twice_changes_nothing() -> None:
    brought(THREE)
    before = state()
    again = brought(THREE)
    assert (again.counts["new"], again.counts["updated"], again.counts["unchanged"]) == (0, 0, 3)
    assert again.counts["customers_new"] == again.counts["customers_updated"] == 0
    assert state() == before


def test_the_same_order_with_another_amount_becomes_a_new_version_and_undo_brings_the_first_back() -> None:
    brought(orders_file(order_row("O1", "c1", price="10.00")))
    before = state()
    later = brought(orders_file(order_row("O1", "c1", price="12.00")))
    assert later.counts["updated"] == 1
    assert state() != before
    undone(later)
    assert state() == before


def test_an_import_can_be_undone_as_a_whole_and_brought_in_again() -> None:
    first = brought(THREE)
    full = state()
    run = undone(first)
    assert run.state == "undone"
    assert {name: len(rows) for name, rows in state().items()} == {
        "customers": 0,
        "orders": 0,
        "lookups": 0,
        "tokens": 0,
    }
    assert counted("customers_customer") == 2  # archived, their numbers kept
    brought(THREE)
    assert state() == full


def test_an_order_scattered_over_the_file_is_one_order() -> None:
    run = brought(
        orders_file(
            order_row("O1", "c1"), order_row("O2", "c2"), order_row("O1", "c1", sku="B2"), order_row("O3", "c1")
        )
    )
    assert (run.counts["new"], run.counts["lines"]) == (3, 4)


def test_a_row_that_cannot_be_read_keeps_its_whole_order_out_and_nothing_else() -> None:
    run = brought(
        orders_file(
            order_row("O1", "c1"),
            order_row("O2", "c2"),
            order_row("O2", "c2", sku="B", price="abc"),
            order_row("O3", "c3"),
        )
    )
    assert (run.counts["new"], run.counts["rejected"], run.counts["rejected_rows"]) == (2, 1, 2)
    assert [row for row, _, _, _ in queries.rejects(run.id)] == [3, 4]
    assert queries.reject_counts(run.id) == {"same_order_rejected": 1, "amount.invalid": 1}


def test_the_rows_kept_out_can_be_fixed_and_imported_again() -> None:
    run = brought(
        orders_file(order_row("O1", "c1"), order_row("O2", "c2", at="2021-02-30 10:00:00", sku="F1", title='=cmd("x")'))
    )
    text = "".join(queries.rejects_csv(run.id))
    assert "O2" in text and "O1" not in text and ",'=cmd" in text.replace('"', "")
    again = brought(text.replace("2021-02-30", "2021-02-27").encode())
    assert (again.counts["new"], again.counts["rejected"]) == (1, 0)
    assert counted("shop_product", """title = '=cmd("x")'""") == 1


def test_a_masked_buyer_is_not_an_identity() -> None:
    run = brought(orders_file(order_row("O1", "小*测试"), order_row("O2", "小*测试")))
    assert (run.counts["without_customer"], run.counts["customers_new"]) == (2, 0)
    assert counted("shop_order", "no_customer_why = 'masked'") == 2


def test_a_customer_named_twice_in_one_list_counts_once_and_the_earlier_row_is_told() -> None:
    content = csv_bytes(["Customer ID", "First Name", "Last Name", "Email", "Accepts Email Marketing"], [
        ["'1", "Ann", "Lee", "ann@example.com", "yes"], ["'2", "Bob", "Ray", "bob@example.com", "no"], ["'1", "Anna", "Lee", "ann@example.com", "yes"],
    ])  # fmt: skip
    run = brought(content, kind="customers", mapping="", template="auto")
    assert (run.counts["new"], run.counts["repeated_in_file"]) == (2, 1)
    assert counted("customers_customercard", "name = 'Anna Lee'") == 1
    assert [row for row, _, _, fatal in queries.rejects(run.id) if not fatal] == [2]


def test_a_paused_import_goes_on_from_its_cursor() -> None:
    run = planned(THREE)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    actions.pause_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert found(run).state == "paused"
    actions.resume_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert (found(run).state, found(run).counts["new"]) == ("done", 3)


def test_nothing_can_be_started_without_a_source_or_twice() -> None:
    run = actions.store_file(io.BytesIO(THREE), "a.csv", by=LOCAL_OPERATOR)
    with pytest.raises(actions.ImportRefused, match="source_missing"):
        actions.start_import(run.id, by=LOCAL_OPERATOR)
    done = brought(THREE)
    with pytest.raises(actions.ImportRefused, match="already_started"):
        actions.start_import(done.id, by=LOCAL_OPERATOR)


def test_the_files_are_destroyed_after_thirty_days() -> None:
    run = brought(THREE)
    with clock.freeze(clock.now() + dt.timedelta(days=31)):
        jobs.enqueue("collect.forget_files")
        jobs.run_pending()
    assert not found(run).file_is_there
    with pytest.raises(FileProblem, match="file_gone"):
        storage.opener_of(f"import-{run.id}")()
    assert counted("shop_order") == 3


def test_a_full_disk_pauses_the_import_and_room_lets_it_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    really = shop.record_orders

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    run = planned(THREE)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    monkeypatch.setattr(shop, "record_orders", full)
    jobs.run_pending(reraise=False)
    assert (found(run).state, found(run).error_code) == ("paused", "disk_full")
    monkeypatch.setattr(shop, "record_orders", really)
    actions.resume_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert (found(run).state, found(run).counts["new"], found(run).error_code) == ("done", 3, "")

"""Odd values in good files, and mapping files that are wrong: nothing is guessed, nothing breaks, nothing is lost."""

import pytest

from tests.collect.importing import HEADERS, ORDERS_MAPPING, brought, checked, counted, csv_bytes, order_row
from zhike.collect import queries
from zhike.collect.mapping import bind, load
from zhike.collect.reading import FileProblem

MINIMAL = "kind: orders\nrow_per: line\norder: {id: order, ordered_at: at}\n"


def why(text: str) -> tuple[str, str]:
    with pytest.raises(FileProblem) as caught:
        load(text)
    assert caught.value.code == "mapping_invalid"
    return caught.value.params["place"], caught.value.params["why"]


@pytest.mark.parametrize(
    "text, place, reason",
    [
        ("kind: [", "line 1", "not_yaml"),
        ("kind: pigeons", "kind", "not_one_of"),
        ("kind: orders\nrow_per: line\norder: {id: x}", "order.ordered_at", "missing"),
        (MINIMAL + "colour: red", "colour", "unknown_word"),
        (MINIMAL + "order_kinds: [{kind: sale}]", "order_kinds[1]", "rule_without_condition"),
        (MINIMAL + "order_kinds: [{id_prefix: C, kind: gift}]", "order_kinds[1].kind", "not_one_of"),
        (MINIMAL.replace("at}", "at, status: {column: s, words: {a: finished}}}"), "order.status", "not_one_of"),
        (MINIMAL + "buyer: {keys: [{shoe_size: x}]}", "buyer.keys[1]", "not_one_of"),
        ("kind: customers\ncustomer: {fields: {name: n}}", "customer.keys", "missing"),
        ("a: &a [1]\nb: *a", "", "alias"),
        ("x" * 300_000, "", "too_long"),
    ],
)
def test_a_wrong_mapping_file_is_told_with_its_place(text: str, place: str, reason: str) -> None:
    found = why(text)
    assert found[1] == reason
    assert found[0].startswith(place)


def test_missing_columns_are_named_and_doubled_ones_addressed_by_their_place() -> None:
    mapping = load(
        "kind: orders\nrow_per: order\norder: {id: [编号, No], ordered_at: 时间}\nlines: {title: '分销员#2'}"
    )
    with pytest.raises(FileProblem) as caught:
        bind(mapping, ("分销员", "订单"))
    assert caught.value.params["columns"] == ["编号 / No", "时间"]
    bound = bind(mapping, ("No", " 时间 ", "分销员", "分销员"))
    assert bound.lines["title"](["1", "t", "first", "second"]) == "second"


@pytest.mark.django_db
def test_columns_nobody_reads_are_listed() -> None:
    found = checked(csv_bytes([*HEADERS, "colour"], [[*order_row("O1", "c1"), "red"]]))
    assert found["unused_columns"] == ["colour"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "row, code",
    [
        (order_row("O9", at="2021-02-30 10:00:00"), "moment.impossible"),
        (order_row("O9", at="3/4/2021"), "moment.ambiguous"),
        (order_row("O9", at="soon"), "moment.unreadable"),
        (order_row("O9", at=""), "moment.blank"),
        (order_row("O9", price="1.234"), ""),
        (order_row("O9", price="¥1,234.50"), ""),
        (order_row("O9", price="1.234,50"), ""),
        (order_row("O9", price="9" * 40), "amount.absurd"),
        (order_row("O9", price="ten"), "amount.invalid"),
        (order_row("O9", quantity="1.5"), "quantity.not_whole"),
        (order_row("3.51512E+17"), "digits_lost"),
        (order_row(""), "order_id_missing"),
        (order_row("9" * 200), "order_id_too_long"),
    ],
)
def test_one_odd_row_is_judged_alone(row: list[object], code: str) -> None:
    run = brought(csv_bytes(HEADERS, [order_row("O1", "c1"), row, order_row("O2", "c2")]))
    assert run.counts["new"] == (2 if code else 3)
    codes = set(queries.reject_counts(run.id))
    assert codes == ({code} if code else set())


@pytest.mark.django_db
def test_strange_names_come_in_as_what_they_are() -> None:
    names = [
        "王" * 10_000,
        "🙂 Ann",
        "evil\u202egnp.exe",
        "<script>alert(1)</script>",
        "=cmd()|'/c calc'!A1",
        "O'Brien",
    ]
    run = brought(csv_bytes(HEADERS, [order_row(f"O{n}", f"c{n}", name=name) for n, name in enumerate(names)]))
    assert (run.counts["new"], run.counts["customers_new"]) == (6, 6)
    assert counted("customers_customercard", "name LIKE '%\u202e%'") == 0
    assert counted("customers_customercard", "length(name) > 200") == 0


@pytest.mark.django_db
def test_the_same_order_in_two_files_with_different_amounts_shows_the_later_and_keeps_both() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1", price="10.00")]))
    second = brought(csv_bytes(HEADERS, [order_row("O1", "c1", price="11.00")]))
    assert second.counts["updated"] == 1
    assert counted("shop_order", "total_cents = 1100") == 1
    assert counted("shop_orderversion") == 2


@pytest.mark.django_db
def test_a_file_with_decimal_commas_is_read_as_its_mapping_says() -> None:
    mapping = ORDERS_MAPPING + 'decimal: ","\n'
    brought(
        csv_bytes(HEADERS, [order_row("O1", "c1", price="1.234,50"), order_row("O2", "c1", price="1.234")]),
        mapping=mapping,
    )
    assert counted("shop_order", "total_cents = 123450") == counted("shop_order", "total_cents = 123400") == 1

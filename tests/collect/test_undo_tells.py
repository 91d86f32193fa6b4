"""After an undoing the page and the command say who stays, because others speak of them, and who is archived."""

import pytest
from django.test import Client

from tests.collect.importing import HEADERS, brought, csv_bytes, order_row, undone
from zhike.collect import queries
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import RegisterFilter, Selection
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def orders(*rows: list[object]) -> bytes:
    return csv_bytes(HEADERS, rows)


def test_customers_of_another_shop_and_those_staff_wrote_about_stay_and_the_rest_is_archived() -> None:
    first = brought(
        orders(
            order_row("O1", "c1", name="王小明", email="wang@example.com"),
            order_row("O2", "c2", name="李秀英"),
            order_row("O3", "c3", name="赵敏"),
            order_row("O4", "c4", name="周芷若"),
        )
    )
    brought(orders(order_row("A1", "x1", name="王小明", email="wang@example.com")), source="other_shop")
    brought(orders(order_row("O9", "c4", name="周芷若")))  # a later file says the same again
    ids = [
        i
        for chunk in customer_queries.selected_ids(LOCAL_OPERATOR, Selection(matching=RegisterFilter()))
        for i in chunk
    ]
    noted = next(row for row in customer_queries.lines(LOCAL_OPERATOR, ids).values() if row.name == "李秀英")
    customers.edit_field(noted.customer_id, "occupation", "茶艺师", by=LOCAL_OPERATOR)

    left = queries.left_by_undo(undone(first), LOCAL_OPERATOR)
    assert (left["stay"], left["archived"]) == (3, 1)
    assert {row.archived for row in left["stay_rows"]} == {False}
    assert [(row.name, row.archived) for row in left["archived_rows"]] == [("", True)]


def test_the_page_of_an_undone_import_links_the_files_that_stay(as_owner: Client) -> None:
    run = brought(orders(order_row("O1", "c1", name="王小明"), order_row("O2", "c2", name="李秀英")))
    brought(orders(order_row("O1", "c1", name="王小明")))
    undone(run)
    page = as_owner.get(f"/collect/imports/{run.public_id}/").content.decode()
    assert "王小明" in page and 'id="stay"' in page and 'id="archived"' in page
    assert page.count('href="/customers/') >= 2


def test_more_than_fifty_are_counted_and_the_first_fifty_named() -> None:
    left = queries.left_by_undo(
        undone(brought(orders(*[order_row(f"O{n}", f"c{n}") for n in range(60)]))), LOCAL_OPERATOR
    )
    assert (left["stay"], left["archived"], len(left["archived_rows"])) == (0, 60, 50)

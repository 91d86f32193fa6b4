"""Stories of cells edited in place: saved, given up, refused, and in conflict with somebody faster."""

import re

import pytest
from django.test import Client

from tests.cast import hire
from tests.desk import ground
from zhike.customers import actions as customers
from zhike.customers.models import CustomerCard
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def cell(wang: int, code: str) -> str:
    return f"/customers/{ground.public_id(wang)}/cell/{code}/"


def seen(body: str) -> str:
    return re.search(r'name="seen" value="([^"]*)"', body)[1]


def test_a_cell_becomes_a_form_and_comes_back_saved(as_owner: Client, wang: int) -> None:
    form = as_owner.get(cell(wang, "city"), headers=HTMX).content.decode()
    assert form.startswith("<td") and "杭州" in form
    answer = as_owner.post(cell(wang, "city"), {"value": "宁波市", "seen": seen(form)}, headers=HTMX)
    assert answer.content.decode().startswith("<td") and "宁波市" in answer.content.decode()
    assert CustomerCard.objects.get(customer_id=wang).city == "宁波市"


def test_an_edit_given_up_shows_the_cell_as_it_stands(as_owner: Client, wang: int) -> None:
    body = as_owner.get(f"{cell(wang, 'city')}?as=cell", headers=HTMX).content.decode()
    assert "杭州" in body and "<form" not in body


def test_who_was_slower_sees_both_values_and_decides(as_owner: Client, wang: int) -> None:
    as_owner.cookies["zhike_language"] = "en"
    form = as_owner.get(cell(wang, "city"), headers=HTMX).content.decode()
    customers.edit_field(wang, "city", "温州市", by=LOCAL_OPERATOR)
    body = as_owner.post(cell(wang, "city"), {"value": "宁波市", "seen": seen(form)}, headers=HTMX).content.decode()
    assert "It is now “温州市”; you typed “宁波市”" in body
    assert CustomerCard.objects.get(customer_id=wang).city == "温州市"
    assert "温州市" in as_owner.get(f"{cell(wang, 'city')}?as=cell", headers=HTMX).content.decode()
    as_owner.post(cell(wang, "city"), {"value": "宁波市", "seen": seen(body)}, headers=HTMX)
    assert CustomerCard.objects.get(customer_id=wang).city == "宁波市"


@pytest.mark.parametrize("code", ["owner", "stage"])
def test_owner_and_stage_are_guarded_too(as_owner: Client, wang: int, code: str) -> None:
    value = {"owner": str(hire("agent").pk), "stage": "current"}[code]
    form = as_owner.get(cell(wang, code), headers=HTMX).content.decode()
    CustomerCard.objects.filter(customer_id=wang).update(owner_staff_id=hire("owner").pk, stage="former")
    body = as_owner.post(cell(wang, code), {"value": value, "seen": seen(form)}, headers=HTMX).content.decode()
    assert "<form" in body and 'role="alert"' in body
    as_owner.post(cell(wang, code), {"value": value, "seen": seen(body)}, headers=HTMX)
    card = CustomerCard.objects.get(customer_id=wang)
    assert str({"owner": card.owner_staff_id, "stage": card.stage}[code]) == value


def test_without_scripts_the_form_is_a_page_and_leads_back_to_the_list(as_owner: Client, wang: int) -> None:
    page = as_owner.get(f"{cell(wang, 'city')}?query=orders_min%3D1").content.decode()
    assert "<html" in page and "csrfmiddlewaretoken" in page
    answer = as_owner.post(cell(wang, "city"), {"value": "宁波市", "seen": seen(page), "query": "orders_min=1"})
    assert (answer.status_code, answer.url) == (302, "/customers/?orders_min=1")


def test_a_value_that_does_not_fit_is_refused_in_the_cell(as_owner: Client, wang: int) -> None:
    form = as_owner.get(cell(wang, "sex"), headers=HTMX).content.decode()
    body = as_owner.post(cell(wang, "sex"), {"value": "yes", "seen": seen(form)}, headers=HTMX).content.decode()
    assert "<form" in body and 'role="alert"' in body and seen(body) == seen(form)


def test_cells_are_closed_to_who_may_not_edit_them(
    as_analyst: Client, as_operator: Client, as_agent: Client, wang: int
) -> None:
    assert as_analyst.get(cell(wang, "city")).status_code == 403
    assert as_operator.get(cell(wang, "city")).status_code == 403
    assert as_agent.get(cell(wang, "orders")).status_code == 404, "figures are not edited"
    assert as_agent.get(cell(wang, "bogus")).status_code == 404
    assert "data-pen" not in as_operator.get("/customers/").content.decode()
    assert "data-pen" in as_agent.get("/customers/").content.decode()

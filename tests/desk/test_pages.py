"""Every page of the desk and the shop opens for those who may, in both languages, and shows no value it must not."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.asking import asked, slip_address
from tests.cast import hire, signed_in
from tests.desk.conftest import EMAIL, HANDLE, MESSAGE, PHONE, RECEIVER, STREET
from zhike.customers.models import CustomerCard
from zhike.shop.models import Order

pytestmark = pytest.mark.django_db
CANARIES = (
    PHONE,
    PHONE[3:],
    EMAIL,
    EMAIL.split("@")[0],
    STREET,
    HANDLE,
    RECEIVER,
    "13977778888",
    "13700009999",
    MESSAGE,
)


def addresses(file: str) -> list[str]:
    """Every page and fragment that draws something of a customer."""
    order = f"/shop/orders/{Order.objects.get(external_id='N0').public_id}/"
    nobody = f"/shop/orders/{Order.objects.get(external_id='NOBODY1').public_id}/"
    fields = ("name", "phone", "email", "address_detail", "platform_handle", "city")
    return [
        "/",
        "/customers/",
        "/customers/?city=杭州市&sort=-net&orders_min=1&last_from=2026-01-01&class=important_value",
        "/customers/?q=王",
        "/customers/filters/?city=杭州市",
        f"/customers/?q={PHONE}",
        file,
        f"{file}timeline/?kind=order",
        f"{file}timeline/",
        *(f"{file}why/{field}/" for field in fields),
        *(f"{file}reveal/{field}/" for field in ("phone", "email")),
        *(f"{file}edit/{field}/" for field in fields),
        *(f"{file}row/{field}/" for field in fields),
        "/shop/orders/",
        "/shop/orders/?number=N0&state=completed&from=2026-01-01",
        "/shop/orders/without-customer/",
        order,
        nobody,
        "/search/?q=王",
        "/search/?q=5678",
        f"/search/?q={EMAIL}",
        "/search/?q=N0",
        "/search/suggest/?q=王小",
        f"/search/suggest/?q={PHONE}",
        "/exports/",
        "/settings/",
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_opens_for_the_owner(as_owner: Client, address: str, language: str) -> None:
    as_owner.cookies["zhike_language"] = language
    for url in addresses(address):
        assert asked(as_owner, url).status_code in (200, 404 if "/reveal/" in url else 200), url


@pytest.mark.parametrize(
    "role", ["owner", "supervisor", "agent", "operator", "account_manager", "analyst", "keeper", "officer"]
)
def test_no_sealed_value_is_in_any_page(address: str, role: str) -> None:
    browser = signed_in(hire(role))
    CustomerCard.objects.update(owner_staff_id=hire(role).pk)
    for url in addresses(address):
        body = asked(browser, url, follow=True).content.decode()
        typed = url.partition("?q=")[2]  # a page may repeat what was typed into it, and nothing else
        for canary in CANARIES:
            assert canary not in body.replace(typed, "") if typed else canary not in body, (role, url, canary)


def test_a_name_that_is_masked_is_nowhere_whole(as_analyst: Client, address: str) -> None:
    for url in addresses(address):
        if "%" not in url and "王小" not in url:
            assert "王小明" not in asked(as_analyst, url, follow=True).content.decode(), url


def test_a_file_out_of_scope_answers_as_one_that_does_not_exist(as_account_manager: Client, address: str) -> None:
    order = f"/shop/orders/{Order.objects.get(external_id='N0').public_id}/"
    for url in (
        address,
        f"{address}timeline/",
        f"{address}why/phone/",
        f"{address}reveal/phone/",
        f"{address}edit/name/",
        order,
    ):
        there = as_account_manager.get(url)
        absent = as_account_manager.get(url.replace(url.split("/")[-3 if "/why/" in url else 2], "AAAAAAAAAAAAAAAA", 1))
        assert there.status_code == 404, url
        assert absent.status_code == 404
    assert as_account_manager.post(f"{address}contacts/", {"way": "call", "outcome": "done"}).status_code == 404
    assert as_account_manager.post(f"{address}tags/", {"tag": "x"}).status_code == 404


def test_pages_with_personal_data_carry_the_name_of_who_looks(as_owner: Client, address: str) -> None:
    order = f"/shop/orders/{Order.objects.get(external_id='N0').public_id}/"
    for url in (address, order, "/exports/"):
        assert as_owner.get(url).content.decode().count('src="/me/watermark.svg"') == 1, url


def test_who_lacks_the_right_sees_no_customers(as_officer: Client, address: str) -> None:
    for url in ("/customers/", address, "/shop/orders/", "/exports/"):
        assert as_officer.get(url).status_code == 403
    assert "王小明" not in asked(as_officer, "/search/?q=王").content.decode()


def test_the_filters_come_with_the_present_answers(as_owner: Client, address: str) -> None:
    part = as_owner.get("/customers/filters/?city=杭州市&orders_min=1").content.decode()
    assert "<html" not in part
    assert 'value="杭州市"' in part


def test_a_list_and_a_file_ask_a_bounded_number_of_questions(as_owner: Client, address: str) -> None:
    as_owner.get("/customers/")
    for url, most in (("/customers/", 45), (address, 75), ("/", 75)):
        with CaptureQueriesContext(connection) as seen:
            as_owner.get(url)
        assert len(seen) <= most, (url, len(seen), [q["sql"][:90] for q in seen])


def test_opening_a_page_writes_nothing(as_owner: Client, address: str) -> None:
    as_owner.get("/customers/")
    for url in (
        "/customers/",
        address,
        f"{address}why/phone/",
        f"{address}reveal/phone/",
        "/",
        "/shop/orders/",
        slip_address(as_owner, "/search/?q=王"),
        slip_address(as_owner, f"/customers/?q={PHONE}"),
    ):
        with CaptureQueriesContext(connection) as seen:
            as_owner.get(url)
        written = [q["sql"] for q in seen if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert not [w for w in written if "django_session" not in w and "usersession" not in w], (url, written)

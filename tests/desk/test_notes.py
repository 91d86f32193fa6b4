"""What was cut out of a note is sealed, and seen one by one by who may: right, purpose, quota, audit, thirty seconds."""

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from zhike.customers.actions import Contact, record_contact
from zhike.customers.models import Customer
from zhike.kit import clock
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(wang: int) -> int:
    """A contact whose note holds a phone and an identity number, and whose offer holds an address."""
    said = Contact(
        at=clock.now(),
        way="call",
        outcome="reached",
        offer="目录寄到 li.si@example.com",
        note="回电 13700000099，证件 11010519491231002X",
    )
    return record_contact(wang, said, by=LOCAL_OPERATOR)


@pytest.mark.parametrize(("language", "kind"), [("en", "Phone in a note"), ("zh-hans", "记录里的电话")])
def test_a_phone_in_a_note_is_seen_like_any_sealed_value(
    as_agent: Client, address: str, noted: int, language: str, kind: str
) -> None:
    as_agent.cookies["zhike_language"] = language
    place = f"{address}contacts/{noted}/reveal/phone-1/"
    timeline = as_agent.get(f"{address}timeline/").content.decode()
    assert place in timeline and "13700000099" not in timeline
    asked = as_agent.get(place)
    assert kind in asked.content.decode() and "13700000099" not in asked.content.decode()
    assert "13700000099" not in as_agent.post(place, {}).content.decode(), "no purpose, no value"
    shown = as_agent.post(place, {"purpose": "verification"})
    assert "13700000099" in shown.content.decode() and 'data-revealed="30"' in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    written = AuditEvent.objects.filter(action="reveal", outcome="ok").get()
    assert (written.field, written.detail["part"]) == ("phone", "phone:1")
    assert "13700000099" not in str(written.detail)


def test_an_address_in_an_offer_is_found_by_its_own_name(as_agent: Client, address: str, noted: int) -> None:
    shown = as_agent.post(f"{address}contacts/{noted}/reveal/offer-email-1/", {"purpose": "verification"})
    assert "li.si@example.com" in shown.content.decode()
    for name in ("email-1", "offer-phone-1", "phone-2", "name-1", "offer-email-10"):
        assert as_agent.get(f"{address}contacts/{noted}/reveal/{name}/").status_code == 404, name


def test_each_cutting_takes_the_right_of_its_own_field(as_agent: Client, address: str, noted: int) -> None:
    place = f"{address}contacts/{noted}/reveal/id_number-1/"
    assert place not in as_agent.get(f"{address}timeline/").content.decode(), "papers are sensitive"
    assert "11010519491231002X" not in as_agent.post(place, {"purpose": "verification"}).content.decode()
    assert AuditEvent.objects.get(action="reveal").outcome == "refused"
    assert "11010519491231002X" in signed_in(hire("owner")).post(place, {"purpose": "verification"}).content.decode()


def test_who_may_not_reveal_is_offered_nothing_and_who_may_read_no_notes_reads_none(address: str, noted: int) -> None:
    place = f"{address}contacts/{noted}/reveal/phone-1/"
    operator, analyst = signed_in(hire("operator")), signed_in(hire("analyst"))
    seen = operator.get(f"{address}timeline/").content.decode()
    assert "回电" in seen and "/reveal/" not in seen
    assert "13700000099" not in operator.post(place, {"purpose": "verification"}).content.decode()
    assert "回电" not in analyst.get(f"{address}timeline/").content.decode()
    assert analyst.get(place).status_code == 404


def test_the_quota_counts_what_was_cut_out_of_notes(as_agent: Client, address: str, noted: int) -> None:
    place = f"{address}contacts/{noted}/reveal/phone-1/"
    for _ in range(20):
        assert "13700000099" in as_agent.post(place, {"purpose": "verification"}).content.decode()
    assert "13700000099" not in as_agent.post(place, {"purpose": "verification"}).content.decode()


def test_a_cutting_of_another_customer_is_not_there(
    as_agent: Client, as_account_manager: Client, address: str, noted: int
) -> None:
    other = Customer.objects.exclude(public_id=address.split("/")[2])[0]
    assert as_agent.get(f"/customers/{other.public_id}/contacts/{noted}/reveal/phone-1/").status_code == 404
    assert as_account_manager.get(f"{address}contacts/{noted}/reveal/phone-1/").status_code == 404

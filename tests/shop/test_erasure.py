"""Stories of a person who is erased: what was sealed is dead, what lay open is gone, amounts stay, and exports do not bring it back."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests import at_rest
from tests.customers.story import says
from tests.shop.test_orders import Import, figures, imports, order, shop, shown, undo  # noqa: F401  (fixtures)
from zhike.customers import actions
from zhike.customers.checks import cards_follow_rules
from zhike.customers.models import ContactRecord, Customer, CustomerCard, CustomerTag, Lookup, NameToken, SourceRecord
from zhike.customers.records import SourceFacts
from zhike.kit import clock
from zhike.kit.checks import OK
from zhike.secure import subjects, vault
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop.models import Order, OrderVersion

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
VALUES = ("欧阳擦除", "13800009911", "擦除街一百零一号", "擦除收件人", "来电说了擦除的事", "擦除标签")


def his(number: str, amount: str = "10", **given: Any) -> Any:
    """An order of the person who will be erased, with a receiver."""
    made = order(number, amount, "tb_gone", sealed={"receiver_name": VALUES[3], "receiver_address": VALUES[2]}, **given)
    said = says("tb_gone", name=VALUES[0], phone=VALUES[1], city="广州市", as_of=made.ordered_at)
    return made.__class__(**{f: getattr(made, f) for f in made.__slots__} | {"buyer": said})


@pytest.fixture
def person(imports: Import) -> int:  # noqa: F811
    """Somebody known by an import, with an order, a note, a tag and an owner; and one other customer beside."""
    imports(his("1", "59.90"), order("2", "5", "tb_stays", name="王留下"))
    customer_id = CustomerCard.objects.get(name=VALUES[0]).customer_id
    note = actions.Contact(
        at=clock.now(), way="call", outcome="reached", note=f"{VALUES[4]}，{VALUES[1]}", cost_cents=500
    )
    actions.record_contact(customer_id, note, by=LOCAL_OPERATOR)
    actions.edit_field(customer_id, "phone", VALUES[1], by=LOCAL_OPERATOR)
    actions.add_tag([customer_id], VALUES[5], by=LOCAL_OPERATOR)
    actions.set_owner([customer_id], 7, by=LOCAL_OPERATOR)
    return customer_id


def nothing_is_left_of(customer_id: int) -> None:
    card = CustomerCard.objects.get(customer_id=customer_id)
    assert (card.name, card.name_sort, card.city, card.values, card.origins) == ("", "", "", {}, {})
    assert not card.has_phone and card.archived_at and card.owner_staff_id is None
    records = list(SourceRecord.objects.filter(customer_id=customer_id).values_list("id", flat=True))
    assert records and not Lookup.objects.filter(source_record_id__in=records).exists()
    assert not NameToken.objects.filter(customer_id=customer_id).exists()
    assert not CustomerTag.objects.filter(customer_id=customer_id).exists()
    for contact in ContactRecord.objects.filter(source_record_id__in=records):
        assert (contact.note, contact.offer, contact.cuttings) == ("", "", None)
    assert not OrderVersion.objects.filter(source_record_id__in=records).exclude(sealed=None).exists()


def test_an_erased_person_leaves_a_number_and_amounts_and_nothing_else(person: int, home: Path) -> None:
    number = Customer.objects.get(pk=person).number
    subjects.bury("customer", person, "asked")
    nothing_is_left_of(person)
    assert Customer.objects.get(pk=person).number == number
    assert ("1", 5990, 5990, "completed") in shown()
    assert ContactRecord.objects.get().cost_cents == 500
    records = SourceRecord.objects.filter(customer_id=person).values_list("id", flat=True)
    assert records
    for record_id in records:
        with pytest.raises(vault.KeyDestroyed):
            vault.keys_of([record_id])
    assert figures() == [("王留下", 1, 500, "current")], "nobody else is touched"
    assert cards_follow_rules() is OK, "and the doctor finds the nameless card as the rules would derive it"


def test_no_file_of_the_installation_holds_an_erased_persons_open_values(person: int, home: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a PostgreSQL server keeps its own files")
    subjects.bury("customer", person, "asked")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM customers_tag")  # the label itself may stand on others; here it does not
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for file, content in at_rest.held(home):
        assert [text for text in VALUES if text.encode() in content] == [], file.name


def test_an_export_that_still_names_the_person_does_not_bring_them_back(person: int, imports: Import) -> None:  # noqa: F811
    subjects.bury("customer", person, "asked")
    later = his("3", "30", at=dt.datetime(2026, 4, 1, tzinfo=dt.UTC))
    tally = imports(his("1", "59.90"), later, run_id=2)
    assert (tally.seen, tally.customers_new, tally.without_customer) == (2, 0, 0)
    nothing_is_left_of(person)
    assert [row[:2] for row in shown()] == [("1", 5990), ("2", 500), ("3", 3000)], "the amounts count"
    assert imports(his("1", "59.90"), later, run_id=3).unchanged == 2
    undo(2)
    undo(1)
    nothing_is_left_of(person)


def test_a_restore_that_brings_the_person_back_is_followed_by_their_erasure(person: int) -> None:
    subjects.bury("customer", person, "asked")
    CustomerCard.objects.filter(pk=person).update(name=VALUES[0], archived_at=None)
    NameToken.objects.create(token="欧阳", customer_id=person)
    SourceRecord.objects.filter(customer_id=person).update(erased_at=None)
    assert subjects.replay() == 1
    nothing_is_left_of(person)
    assert not SourceRecord.objects.filter(customer_id=person, erased_at=None).exists()
    subjects.bury("customer", person + 999, "asked")  # an older backup knows no such customer


def test_a_merged_group_is_erased_whole(person: int, shop: SourceFacts) -> None:  # noqa: F811
    other = CustomerCard.objects.get(name="王留下").customer_id
    Customer.objects.filter(pk=other).update(root_id=person, merged_into_id=person, is_root=False)
    CustomerCard.objects.filter(pk=other).delete()
    subjects.bury("customer", other, "asked")
    nothing_is_left_of(person)
    assert not NameToken.objects.filter(customer_id=other).exists()
    assert not Order.objects.filter(source_record_id__isnull=True).exists(), "orders stay with their records"


def test_a_note_on_the_nameless_file_has_a_key_of_its_own(person: int) -> None:
    subjects.bury("customer", person, "asked")
    note = actions.Contact(at=clock.now(), way="call", outcome="reached", note="律师来电 13700000042")
    contact = actions.record_contact(person, note, by=LOCAL_OPERATOR)
    opened = actions.reveal_cutting(person, contact, "phone-1", by=LOCAL_OPERATOR, purpose="verification")
    assert opened.plain() == "13700000042"

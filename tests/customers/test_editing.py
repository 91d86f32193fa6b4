"""Stories of staff who enter, take back and reveal values on a file."""

from pathlib import Path

import pytest

from tests import at_rest
from tests.customers.story import MARCH, Record, says
from zhike.customers import actions
from zhike.customers.models import CustomerCard
from zhike.customers.records import SourceFacts
from zhike.customers.scope import CustomerUnknown
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, NOBODY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def file(taobao: SourceFacts, record: Record) -> int:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001", city="广州市"))
    return CustomerCard.objects.get().customer_id


def test_what_staff_enter_stands_above_every_source_until_it_is_taken_back(
    file: int, taobao: SourceFacts, record: Record
) -> None:
    version = actions.edit_field(file, "name", "王大明", by=LOCAL_OPERATOR)
    record(taobao, says("tb_demo01", name="王中明"), run_id=2)
    assert CustomerCard.objects.get().name == "王大明"
    actions.undo_edit(version, by=LOCAL_OPERATOR)
    assert CustomerCard.objects.get().name == "王中明"


def test_clearing_a_field_hides_what_sources_say(file: int) -> None:
    actions.edit_field(file, "phone", "", by=LOCAL_OPERATOR)
    card = CustomerCard.objects.get()
    assert not card.has_phone and "phone" not in card.origins


def test_an_entered_phone_is_normalized_sealed_and_revealed_with_a_purpose(file: int) -> None:
    actions.edit_field(file, "phone", "０１３９ ００００ ０００２"[1:], by=LOCAL_OPERATOR)
    opened = actions.reveal_field(file, "phone", by=LOCAL_OPERATOR, purpose="verification")
    assert opened.plain() == "+8613900000002"
    assert "39000000" not in str(CustomerCard.objects.values()[0]).replace(" ", "")


def test_a_text_that_is_no_phone_is_refused_with_a_code(file: int) -> None:
    with pytest.raises(actions.EditRefused) as refused:
        actions.edit_field(file, "phone", "12", by=LOCAL_OPERATOR)
    assert refused.value.code.startswith("phone.")


def test_nobody_edits_or_reveals_without_the_right(file: int) -> None:
    with pytest.raises(Forbidden):
        actions.edit_field(file, "name", "谁", by=NOBODY)
    with pytest.raises(Forbidden):
        actions.reveal_field(file, "phone", by=NOBODY, purpose="verification")


def test_a_customer_that_does_not_exist_is_unknown(file: int) -> None:
    with pytest.raises(CustomerUnknown):
        actions.edit_field(file + 999, "name", "谁", by=LOCAL_OPERATOR)


def test_tags_and_owners_tell_what_they_changed_so_that_it_can_be_undone(file: int) -> None:
    assert actions.add_tag([file], " 老客户 ", by=LOCAL_OPERATOR) == [file]
    assert actions.add_tag([file], "老客户", by=LOCAL_OPERATOR) == []
    assert actions.set_owner([file], 7, by=LOCAL_OPERATOR) == [(file, None)]
    assert actions.remove_tag([file], "老客户", by=LOCAL_OPERATOR) == [file]


def test_a_phone_typed_into_a_note_is_cut_out_and_sealed_apart(file: int, home: Path) -> None:
    from zhike.customers.models import ContactRecord

    contact = actions.Contact(at=MARCH, way="call", outcome="reached", note="回电 13700000099，周五前")
    actions.record_contact(file, contact, by=LOCAL_OPERATOR)
    kept = ContactRecord.objects.get()
    assert kept.note == "回电 ⟦phone:1⟧，周五前"
    assert kept.cuttings is not None and b"13700000099" not in bytes(kept.cuttings)
    assert [file.name for file, lying in at_rest.held(home) if b"13700000099" in lying] == []


def test_a_customer_with_a_noted_contact_stays_when_the_import_is_undone(file: int) -> None:
    actions.record_contact(
        file, actions.Contact(at=MARCH, way="visit", outcome="done", note="来过店里"), by=LOCAL_OPERATOR
    )
    for _ in actions.withdraw_run(1):
        pass
    left = CustomerCard.objects.get()
    assert left.archived_at is None and left.name == ""

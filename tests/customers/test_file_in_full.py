"""Stories of the file in full: every group of fields, numbers by a pattern, people linked to companies, attached files."""

import datetime as dt
import io
import itertools
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import hire
from tests.customers.story import MARCH, Record, says
from zhike.customers import actions, attached_files, numbers, queries
from zhike.customers.actions import EditRefused, FileRefused, KnownAlready, Link, LinkRefused
from zhike.customers.models import Attachment, Customer, CustomerCard
from zhike.customers.records import SourceFacts
from zhike.customers.scope import CustomerUnknown
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PDF = b"%PDF-1.7\n" + bytes(2_000_000) + b"\n%%EOF"


def company(name: str = "广州好客贸易有限公司", **more: str) -> int:
    return actions.add_customer("organisation", {"name": name, **more}, by=LOCAL_OPERATOR)


def person(name: str = "王小明", **more: str) -> int:
    return actions.add_customer("person", {"name": name, **more}, by=LOCAL_OPERATOR)


def shown(customer_id: int) -> dict[str, str]:
    groups = queries.field_groups(LOCAL_OPERATOR, customer_id)
    return {v.name: v.text for g in groups for v in g.fields if v.is_known}


# -- fields


@pytest.mark.parametrize(
    ("field", "typed", "kept", "read"),
    [
        ("education_level", "本科", "bachelor", "本科"),
        ("education_level", "master", "master", "硕士"),
        ("shopping_psychology", "从众，实用", "utility|following", "实用、从众"),
        ("interests", "摄影, 钓鱼、 摄影；茶", "摄影、钓鱼、茶", "摄影、钓鱼、茶"),
        ("work_years", "１２", "12", "12"),
        ("demand_size", "1,200.50", "1200.5", "1200.5"),
        ("do_not_contact", "是", "yes", "是"),
        ("need", "想要一口\r\n\r\n\r\n轻的锅 ", "想要一口\n\n轻的锅", "想要一口\n\n轻的锅"),
    ],
)
def test_a_value_is_kept_as_its_kind_and_read_in_words(
    vault_ready: None, field: str, typed: str, kept: str, read: str
) -> None:
    one = person()
    actions.edit_field(one, field, typed, by=LOCAL_OPERATOR)
    assert CustomerCard.objects.get().values[field] == kept
    assert shown(one)[field] == read


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("education_level", "很高", "choice.unknown"),
        ("shopping_psychology", "实用、乱写", "choice.unknown"),
        ("work_years", "十几", "number.bad"),
        ("work_years", "1e999", "number.bad"),
        ("interests", "、".join(map(str, range(30))), "list.too_many"),
        ("need", "打 13812345678 找我", "text.identifier"),
        ("need", "长" * 4001, "text.too_long"),
        ("birth_date", "2026-02-31", "moment.impossible"),
    ],
)
def test_what_does_not_fit_its_field_is_refused_with_a_reason(
    vault_ready: None, field: str, typed: str, code: str
) -> None:
    with pytest.raises(EditRefused) as refused:
        actions.edit_field(person(), field, typed, by=LOCAL_OPERATOR)
    assert refused.value.code == code


def test_sensitive_values_lie_sealed_and_are_seen_as_masks(vault_ready: None) -> None:
    one = person()
    actions.edit_field(one, "children_ages", "3–6 岁", by=LOCAL_OPERATOR)
    actions.edit_field(one, "family_members", "李雷 丈夫 5月1日", by=LOCAL_OPERATOR)
    card = CustomerCard.objects.get()
    assert "children_ages" not in card.values and "children_ages" in card.origins
    assert shown(one)["children_ages"] == "****"
    opened = actions.reveal_field(one, "children_ages", by=LOCAL_OPERATOR, purpose="verification")
    assert opened.plain() == "3_6"


def test_an_open_value_behind_a_mask_is_revealed_like_a_sealed_one(vault_ready: None) -> None:
    one = person()
    actions.edit_field(one, "income_band", "月入 1 至 2 万", by=LOCAL_OPERATOR)
    agent = secure.viewer_of(hire("agent"))
    value = queries.field_value(agent, one, "income_band")
    assert value is not None and value.text == "****" and value.can_reveal and value.typed == ""
    assert actions.reveal_field(one, "income_band", by=agent, purpose="after_sale").plain() == "to_20"
    assert AuditEvent.objects.filter(action="reveal", field="income_band", outcome="ok").count() == 1


def test_a_person_has_no_fields_of_companies(vault_ready: None) -> None:
    names = {v.name for g in queries.field_groups(LOCAL_OPERATOR, person()) for v in g.fields}
    assert "interests" in names and "finance_state" not in names
    names = {v.name for g in queries.field_groups(LOCAL_OPERATOR, company()) for v in g.fields}
    assert "finance_state" in names and "interests" not in names


def test_a_file_says_how_complete_it_is_and_what_to_fill_in_next(vault_ready: None) -> None:
    one = person()
    before = queries.completeness(queries.field_groups(LOCAL_OPERATOR, one))
    assert before.next[0].name == "phone"
    actions.edit_field(one, "phone", "13812345678", by=LOCAL_OPERATOR)
    after = queries.completeness(queries.field_groups(LOCAL_OPERATOR, one))
    assert after.share > before.share and "phone" not in {v.name for v in after.next}


def test_an_import_states_the_new_fields_like_any_other(taobao: SourceFacts, record: Record) -> None:
    tally = record(
        taobao, says("tb1", name="李雷", interests="茶,书", education_level="硕士", purchasing_power="不知道")
    )
    card = CustomerCard.objects.get()
    assert card.values["interests"] == "茶、书" and card.values["education_level"] == "master"
    assert [(p.field, p.code) for p in tally.problems] == [("purchasing_power", "choice.unknown")]


@pytest.mark.parametrize(
    ("orders", "first_days", "last_days", "code"),
    [
        (0, None, None, "potential"),
        (1, 10, 10, "new"),
        (4, 80, 2, "new"),
        (1, 200, 200, "satisfied"),
        (2, 200, 30, "kept"),
        (2, 700, 500, "satisfied"),
        (3, 800, 300, "long_standing"),
    ],
)
def test_the_life_cycle_follows_from_the_orders(
    orders: int, first_days: int | None, last_days: int | None, code: str
) -> None:
    moments = [None if days is None else MARCH - dt.timedelta(days=days) for days in (first_days, last_days)]
    assert queries.life_cycle(orders, *moments, MARCH) == code


# -- made by hand


def test_a_file_made_by_hand_is_found_and_can_be_joined_later(
    vault_ready: None, shopify: SourceFacts, record: Record
) -> None:
    one = person(phone="13812345678", address="浙江省杭州市西湖区文三路1号")
    assert queries.search(LOCAL_OPERATOR, "13812345678").ids == (one,)
    assert queries.search(LOCAL_OPERATOR, "wxm").ids == (one,)
    assert CustomerCard.objects.get().city == "杭州市"
    record(shopify, says("9", key_field="platform_id", name="王小明", phone="138 1234 5678"))
    assert Customer.objects.count() == 1
    assert queries.disagreement(one) == {}


def test_nobody_gets_a_second_file_for_the_same_phone(vault_ready: None) -> None:
    one = person(phone="13812345678")
    with pytest.raises(KnownAlready) as known:
        person("王小", phone="+86 138 1234 5678")
    assert known.value.number == CustomerCard.objects.get(customer_id=one).number


# -- numbers


@pytest.mark.parametrize(
    ("pattern", "code"),
    [
        ("K", "serial"),
        ("K{serial}{serial}", "serial"),
        ("{serial}", "start"),
        ("7{serial}", "start"),
        ("K{year}{serial}", "serial"),
        ("K{serial}{year}", "serial"),
        ("K{serial}-1", "serial"),
        ("k{serial}", "letters"),
        ("K{month}{serial}", "letters"),
        ("ABCDEFGHIJKLMN-{serial}", "long"),
    ],
)
def test_a_pattern_that_could_give_a_number_twice_is_refused(pattern: str, code: str) -> None:
    with pytest.raises(numbers.PatternRefused) as refused:
        numbers.refuse_bad(pattern)
    assert refused.value.code == code


PATTERNS = (
    "K{serial}",
    "{kind}{region}-{year}-{serial}{check}",
    "P{serial}",
    "{kind}{year}-{serial}",
    "K-{serial}-{check}",
)


@given(st.sampled_from(PATTERNS), st.integers(1, 10**10), st.sampled_from(PATTERNS), st.integers(1, 10**10))
def test_two_numbers_are_equal_only_for_one_customer(one: str, a: int, other: str, b: int) -> None:
    for pattern in (one, other):
        numbers.refuse_bad(pattern)
    if a != b:
        first = numbers.written(one, a, "person", MARCH, "广东省")
        assert first != numbers.written(other, b, "organisation", MARCH, "北京市")


def test_numbers_follow_the_pattern_of_their_kind_and_shop(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb1", name="李雷"))
    actions.set_pattern("person", "P{region}-{year}-{serial}", by=LOCAL_OPERATOR)
    actions.set_pattern("person", "S{serial}", by=LOCAL_OPERATOR, source_id=shopify.id)
    record(taobao, says("tb2", name="韩梅梅", province="广东省"), run_id=2)
    record(shopify, says("1", key_field="platform_id", name="王小明"), run_id=3)
    given = list(Customer.objects.order_by("id").values_list("id", "number"))
    year = Customer.objects.latest("id").created_at.year
    assert [n for _, n in given] == [f"K{given[0][0]:07d}", f"P44-{year}-{given[1][0]:07d}", f"S{given[2][0]:07d}"]
    for customer_id, number in given:
        assert queries.root_of(LOCAL_OPERATOR, number.lower()) == customer_id
        assert queries.search(LOCAL_OPERATOR, number).ids == (customer_id,)


# -- links


def test_a_company_and_its_people_know_each_other(vault_ready: None) -> None:
    firm, one = company(), person()
    roles = Link(kind="contact", roles=("decider", "approver"), influence=4, position="采购经理")
    actions.link_customers(one, firm, roles, by=LOCAL_OPERATOR)
    (seen,) = queries.relations(LOCAL_OPERATOR, firm)
    assert (seen.name, seen.roles, seen.position, seen.is_above) == (
        "王小明",
        ("decider", "approver"),
        "采购经理",
        False,
    )
    (back,) = queries.relations(LOCAL_OPERATOR, one)
    assert back.is_above and back.party_kind == "organisation"
    actions.end_relation(seen.relation_id, by=LOCAL_OPERATOR)
    assert queries.relations(LOCAL_OPERATOR, firm) == []


def test_companies_stand_in_a_tree_and_never_in_a_circle(vault_ready: None) -> None:
    firms = [company(f"第{n}公司") for n in range(4)]
    for lower, upper in itertools.pairwise(firms):
        actions.link_customers(lower, upper, Link(kind="parent"), by=LOCAL_OPERATOR)
    assert [name for _, _, name in queries.companies_above(LOCAL_OPERATOR, firms[0])] == [
        "第3公司",
        "第2公司",
        "第1公司",
    ]
    with pytest.raises(LinkRefused, match="cycle"):
        actions.link_customers(firms[3], firms[0], Link(kind="parent"), by=LOCAL_OPERATOR)
    with pytest.raises(LinkRefused, match="has_parent"):
        actions.link_customers(firms[0], firms[3], Link(kind="parent"), by=LOCAL_OPERATOR)


@pytest.mark.parametrize(
    ("link", "code"),
    [
        (Link(kind="parent"), "kinds"),
        (Link(kind="friend"), "kinds"),
        (Link(kind="contact", roles=("king",)), "roles"),
        (Link(kind="contact", influence=9), "roles"),
        (Link(kind="contact", note="打13812345678"), "identifier"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused(vault_ready: None, link: Link, code: str) -> None:
    with pytest.raises(LinkRefused, match=code):
        actions.link_customers(person(), company(), link, by=LOCAL_OPERATOR)


def test_a_linked_file_out_of_scope_is_not_even_named(vault_ready: None) -> None:
    firm, one = company(), person()
    actions.link_customers(one, firm, Link(kind="principal", roles=("owner",)), by=LOCAL_OPERATOR)
    manager = secure.viewer_of(hire("account_manager"))
    CustomerCard.objects.filter(customer_id=firm).update(owner_staff_id=manager.staff_id)
    assert queries.relations(manager, firm) == []
    with pytest.raises(CustomerUnknown):
        actions.link_customers(one, firm, Link(kind="contact"), by=manager)


# -- attached files


def test_an_attached_file_lies_sealed_and_comes_back_byte_by_byte(vault_ready: None, home: Path) -> None:
    one = person()
    actions.attach(one, "contract", "王小明的合同.PDF", PDF, by=LOCAL_OPERATOR, title="年度合同")
    (kept,) = queries.attachments(LOCAL_OPERATOR, queries.record_ids_of(one))
    assert kept.media_type == "application/pdf" and kept.size_bytes == len(PDF)
    on_disk = attached_files.place_of(kept.public_id).read_bytes()
    assert b"%PDF" not in on_disk and "王小明".encode() not in bytes(Attachment.objects.get().sealed)
    name, stream = actions.download(kept.public_id, by=LOCAL_OPERATOR, purpose="verification")
    assert (name, stream.read()) == ("王小明的合同.pdf", PDF)
    assert AuditEvent.objects.filter(action="reveal", field="attachments", outcome="ok").count() == 1


def _zip(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "type"),
        ("\ufeff<svg xmlns='http://www.w3.org/2000/svg'>".encode(), "type"),
        (b"MZ\x90\x00\x03", "type"),
        (_zip("a.txt"), "type"),
        (_zip("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
        (b"PK\x03\x04broken", "damaged"),
        (b"a" * (attached_files.LARGEST_BYTES + 1), "too_large"),
    ],
)
def test_a_file_is_judged_by_its_bytes_not_by_its_name(vault_ready: None, content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        actions.attach(person(), "document", "harmless.pdf", content, by=LOCAL_OPERATOR)
    assert refused.value.code == code
    assert not Attachment.objects.exists()


def test_reports_of_credit_are_there_for_whom_the_policy_lets_know(vault_ready: None) -> None:
    firm = company()
    actions.attach(firm, "credit_report", "a.txt", "资信调查".encode(), by=LOCAL_OPERATOR)
    records = queries.record_ids_of(firm)
    agent = secure.viewer_of(hire("agent"))
    assert queries.attachments(agent, records) == []
    with pytest.raises(CustomerUnknown):
        actions.download(Attachment.objects.get().public_id, by=agent, purpose="after_sale")


def test_an_attachment_goes_with_its_customer_and_keeps_a_file_through_an_undo(
    taobao: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb1", name="李雷"))
    one = CustomerCard.objects.get().customer_id
    actions.attach(one, "document", "a.txt", b"hello", by=LOCAL_OPERATOR)
    for _ in actions.withdraw_run(1):
        pass
    assert CustomerCard.objects.get().archived_at is None
    place = attached_files.place_of(Attachment.objects.get().public_id)
    from zhike.secure import subjects

    subjects.bury("customer", one, "asked")
    assert not place.exists() and not Attachment.objects.exists()

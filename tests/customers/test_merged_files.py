"""Stories of what hangs on a merged file: bulk acts taken back, links, erasure, the demo shop, a running import, everything out and in."""

import threading
from typing import Any

import pytest
from django.db import connections

from tests.customers.identity.tables import whole_rows
from tests.customers.story import Record, says
from tests.customers.test_merging import merged, numbered, refused
from zhike.customers import actions, queries
from zhike.customers.actions.contacts import Contact
from zhike.customers.models import (
    Customer,
    CustomerCard,
    CustomerTag,
    Merge,
    Relation,
    SourceRecord,
    SourceVersion,
    Standing,
)
from zhike.customers.records import RegisterFilter, SourceFacts
from zhike.kit import clock
from zhike.secure import subjects
from zhike.secure.models import Tombstone
from zhike.secure.records import LOCAL_OPERATOR as CLERK

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def two(taobao: SourceFacts, shopify: SourceFacts, record: Record) -> tuple[int, int]:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001", city="广州市"))
    record(shopify, says("sh_demo01", name="王晓明", email="wang@example.com"), run_id=2)
    first, second = numbered("王小明", "王晓明")
    return first, second


def test_acts_on_many_are_taken_back_from_whoever_was_absorbed_since(two: tuple[int, int]) -> None:
    first, second = two
    assert actions.add_tag([first], "双十一", by=CLERK) == [first]
    assert actions.set_owner([first], 7, by=CLERK) == [(first, None)]
    before = whole_rows()
    merge_id = merged(first, second)
    assert actions.remove_tag([first], "双十一", by=CLERK) == [first]
    assert actions.put_back("owner_staff_id", [(first, None)], left=7, by=CLERK) == 1
    assert CustomerCard.objects.get().owner_staff_id is None
    actions.unmerge(merge_id, by=CLERK)
    assert not CustomerTag.objects.exists() and not Standing.objects.exists()
    assert CustomerCard.objects.get(pk=first).owner_staff_id is None
    assert whole_rows()["Customer"] == before["Customer"]


def test_a_tag_taken_off_the_merged_file_is_off_for_all_of_its_customers(two: tuple[int, int]) -> None:
    first, second = two
    actions.add_tag([first, second], "vip", by=CLERK)
    merge_id = merged(first, second)
    assert len(queries.tags_of([second])[second]) == 1
    actions.remove_tag([second], "vip", by=CLERK)
    actions.unmerge(merge_id, by=CLERK)
    assert not CustomerTag.objects.exists()


def test_a_tag_taken_off_a_merged_file_comes_back_to_the_customer_it_was_on(two: tuple[int, int]) -> None:
    first, second = two
    actions.add_tag([first], "vip", by=CLERK)
    before = whole_rows()["CustomerTag"]
    merge_id = merged(first, second)
    held = actions.tags_held([second], "vip")
    assert actions.remove_tag([second], "vip", by=CLERK) == list(held) == [first]
    actions.restore_tags("vip", [(c, *how) for c, how in held.items()], by=CLERK)
    actions.unmerge(merge_id, by=CLERK)
    assert whole_rows()["CustomerTag"] == before


def test_an_owner_taken_away_on_the_merged_file_stays_away_at_the_next_merge(
    two: tuple[int, int], taobao: SourceFacts, record: Record
) -> None:
    first, second = two
    actions.set_owner([first], 7, by=CLERK)
    merged(first, second)
    actions.set_owner([second], None, by=CLERK)
    record(taobao, says("tb_demo03", name="王三"), run_id=3)
    merged(numbered("王三")[0], second)
    assert CustomerCard.objects.get().owner_staff_id is None


def test_selections_and_lines_made_before_a_merge_mean_the_file_of_now(two: tuple[int, int]) -> None:
    from zhike.customers.records import Selection

    first, second = two
    merged(first, second)
    assert list(queries.selected_ids(CLERK, Selection(ids=(first,)))) == [[second]]
    assert queries.lines(CLERK, [first])[first].customer_id == second
    assert queries.search(CLERK, Customer.objects.get(pk=first).number).ids == (second,)
    assert queries.root_of(CLERK, Customer.objects.get(pk=first).public_id) == second
    assert queries.exact_count(CLERK, RegisterFilter(archived="all")) == 1


def test_notes_and_links_stay_with_their_customer_and_show_on_the_file(two: tuple[int, int]) -> None:
    first, second = two
    firm = actions.add_customer("organisation", {"name": "广州示例商贸有限公司"}, by=CLERK)
    actions.record_contact(first, Contact(at=clock.now(), way="call", outcome="reached", note="要发票"), by=CLERK)
    actions.link_customers(first, firm, actions.Link(kind="contact", roles=("buyer",)), by=CLERK)
    merge_id = merged(first, second)
    head = queries.header(CLERK, second)
    assert head is not None
    assert [i.kind for i in queries.timeline(CLERK, head.record_ids, kinds=("contact",))] == ["contact"]
    assert [party.kind for party in queries.relations(CLERK, second)] == ["contact"]
    actions.unmerge(merge_id, by=CLERK)
    assert queries.relations(CLERK, second) == [] and len(queries.relations(CLERK, first)) == 1


def test_a_link_between_two_who_are_one_now_ties_nobody(two: tuple[int, int]) -> None:
    upper = actions.add_customer("organisation", {"name": "示例集团"}, by=CLERK)
    lower = actions.add_customer("organisation", {"name": "示例集团广州分公司"}, by=CLERK)
    actions.link_customers(lower, upper, actions.Link(kind="parent"), by=CLERK)
    merged(lower, upper)
    assert queries.relations(CLERK, upper) == [] and queries.companies_above(CLERK, upper) == []
    assert Relation.objects.filter(ended_at=None).count() == 1


def test_a_person_and_a_company_are_merged_only_when_that_is_stated(two: tuple[int, int]) -> None:
    firm = actions.add_customer("organisation", {"name": "王小明工作室"}, by=CLERK)
    given: dict[str, Any] = {"absorbed_id": two[0], "survivor_id": firm, "why": "by_hand", "by": CLERK}
    assert refused(actions.merge_customers, **given) == "kinds"
    merge_id = actions.merge_customers(**given, across_kinds=True).merge_id
    assert CustomerCard.objects.get(pk=firm).kind == "organisation"
    actions.unmerge(merge_id, by=CLERK)
    assert CustomerCard.objects.get(pk=two[0]).kind == "person"


def test_archived_and_erased_files_are_not_merged_and_an_erased_group_is_not_taken_apart(
    two: tuple[int, int], taobao: SourceFacts, record: Record
) -> None:
    first, second = two
    record(taobao, says("tb_demo04", name="李四"), run_id=9)
    (third,) = numbered("李四")
    for _ in actions.withdraw_run(9):
        pass
    given: dict[str, Any] = {"survivor_id": second, "why": "by_hand", "by": CLERK}
    assert refused(actions.merge_customers, absorbed_id=third, **given) == "archived"
    merge_id = merged(first, second)
    subjects.bury("customer", first, "asked")
    assert set(Tombstone.objects.values_list("subject_id", flat=True)) == {first, second}
    assert refused(actions.unmerge, merge_id=merge_id, by=CLERK) == "erased"
    assert refused(actions.merge_customers, absorbed_id=third, **given) == "erased"
    assert not CustomerCard.objects.exclude(name="").filter(customer_id=second).exists()


def test_an_undone_import_leaves_a_merged_file_that_others_still_speak_of(
    two: tuple[int, int], taobao: SourceFacts
) -> None:
    first, second = two
    merge_id = merged(first, second)
    for _ in actions.withdraw_run(1):
        pass
    assert not CustomerCard.objects.get().has_phone
    actions.unmerge(merge_id, by=CLERK)
    assert CustomerCard.objects.get(pk=first).archived_at is not None
    assert CustomerCard.objects.get(pk=second).archived_at is None


@pytest.mark.parametrize("said", [{"city": "珠海市"}, {"city": "广州市"}])
def test_a_batch_prepared_before_a_merge_is_prepared_again(
    two: tuple[int, int], taobao: SourceFacts, said: dict[str, str]
) -> None:
    first, second = two
    later = clock.now()
    told = says("tb_demo01", as_of=later, name="王小明", phone="13800000001", **said)
    prepared = actions.prepare_statements(taobao.id, [told], run_id=7)
    merge_id = merged(first, second)
    with pytest.raises(actions.StaleBatch):
        actions.record_statements(prepared)
    actions.record_statements(actions.prepare_statements(taobao.id, [told], run_id=7))
    assert (CustomerCard.objects.get().city, queries.disagreement(second)) == (said["city"], {})
    actions.unmerge(merge_id, by=CLERK)
    assert queries.disagreement(first) == queries.disagreement(second) == {}


def test_removing_the_demo_takes_apart_what_real_customers_absorbed_of_it(two: tuple[int, int], record: Record) -> None:
    demo = actions.add_source(
        code="demo",
        name="演示店",
        channel_kind="shop_platform",
        platform="demo",
        legal_basis="contract",
        by=CLERK,
        is_demo=True,
    )
    record(demo, says("dm_01", name="演示甲", email="demo@example.com"), run_id=5)
    record(demo, says("dm_02", name="演示乙"), run_id=5)
    one, other = numbered("演示甲", "演示乙")
    before = whole_rows()
    merged(one, two[0])
    merged(two[1], other)
    for _ in actions.forget_demo(by=CLERK):
        pass
    left = set(Customer.objects.values_list("id", flat=True))
    assert left == set(two) and not Merge.objects.exists() and not Standing.objects.exists()
    kept = [row for row in before["CustomerCard"] if row["customer_id"] in left]
    assert whole_rows()["CustomerCard"] == kept


def test_two_clerks_on_one_pair_make_one_merge_and_the_second_is_told(two: tuple[int, int]) -> None:
    told: list[str] = []
    ready = threading.Barrier(2)

    def clerk(absorbed: int, survivor: int) -> None:
        ready.wait()
        try:
            actions.merge_customers(absorbed_id=absorbed, survivor_id=survivor, why="by_hand", by=CLERK)
            told.append("merged")
        except actions.MergeRefused as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    clerks = [threading.Thread(target=clerk, args=pair) for pair in (two, two[::-1])]
    for thread in clerks:
        thread.start()
    for thread in clerks:
        thread.join()
    assert sorted(told) == ["merged", "same"]
    assert Merge.objects.count() == CustomerCard.objects.count() == 1


def test_staff_who_edit_while_others_merge_and_take_apart_lose_nothing(two: tuple[int, int]) -> None:
    first, second = two
    stop = threading.Event()
    faults: list[Exception] = []

    def edit() -> None:
        try:
            for n in range(12):
                actions.edit_field(first, "city", f"第{n}市", by=CLERK)
        except Exception as fault:  # noqa: BLE001  (whatever it is, it is told outside the thread)
            faults.append(fault)
        finally:
            stop.set()
            connections.close_all()

    editor = threading.Thread(target=edit)
    editor.start()
    while not stop.wait(0.02):  # a pause in which the editor gets the write lock
        actions.unmerge(merged(first, second), by=CLERK)
    editor.join()
    assert not faults
    entered = SourceVersion.objects.filter(source_record_id__in=house_records(first, second))
    assert entered.count() == 12
    assert queries.disagreement(first) == queries.disagreement(second) == {}


def house_records(*customer_ids: int) -> list[int]:
    return [r.id for r in SourceRecord.objects.filter(external_key__in=[f"house:{c}" for c in customer_ids])]

"""Stories of files that are merged and taken apart again."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.customers.identity.tables import whole_rows
from tests.customers.story import Record, says
from zhike.customers import actions, queries
from zhike.customers.models import (
    CustomerCard,
    Link,
    Merge,
    Standing,
)
from zhike.customers.records import SourceFacts
from zhike.secure.records import LOCAL_OPERATOR as CLERK
from zhike.secure.records import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def numbered(*names: str) -> list[int]:
    """Customer ids by the names on their cards."""
    held = dict(CustomerCard.objects.values_list("name", "customer_id"))
    return [held[name] for name in names]


@pytest.fixture
def two(taobao: SourceFacts, shopify: SourceFacts, record: Record) -> tuple[int, int]:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001", city="广州市"))
    record(shopify, says("sh_demo01", name="王晓明", email="wang@example.com"), run_id=2)
    first, second = numbered("王小明", "王晓明")
    return first, second


def merged(absorbed: int, survivor: int) -> int:
    return actions.merge_customers(absorbed_id=absorbed, survivor_id=survivor, why="by_hand", by=CLERK).merge_id


def test_a_merge_makes_one_file_of_two_and_taking_it_apart_restores_every_row(two: tuple[int, int]) -> None:
    first, second = two
    actions.set_owner([first], 7, by=CLERK)
    actions.set_stage([second], "target", by=CLERK)
    actions.add_tag([second], "老朋友", by=CLERK)
    actions.edit_field(first, "city", "深圳市", by=CLERK)
    before = whole_rows()
    merge_id = merged(first, second)
    card = CustomerCard.objects.get()
    assert (card.customer_id, card.has_phone, card.has_email, card.owner_staff_id) == (second, True, True, 7)
    assert queries.group_of(first) == queries.group_of(second) == (first, second)
    assert [t.name for t in queries.tags_of([second])[second]] == ["老朋友"]
    actions.unmerge(merge_id, by=CLERK)
    assert whole_rows() == before


def test_what_came_since_the_merge_lies_where_its_identifier_or_house_record_says(
    two: tuple[int, int], taobao: SourceFacts, record: Record
) -> None:
    first, second = two
    merge_id = merged(first, second)
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001", city="珠海市"), run_id=3)
    actions.edit_field(second, "occupation", "teacher", by=CLERK)
    since = queries.facts_since(CLERK, merge_id)
    assert (since.restored.counts["statement"], since.remaining.counts["edit"]) == (1, 1)
    actions.unmerge(merge_id, by=CLERK)
    cards = {c.customer_id: c for c in CustomerCard.objects.all()}
    assert cards[first].city == "珠海市" and "occupation" not in cards[first].values
    assert cards[second].values["occupation"] and not cards[second].city


def test_a_merge_in_the_middle_of_a_chain_comes_out_alone(
    two: tuple[int, int], taobao: SourceFacts, record: Record
) -> None:
    first, second = two
    record(taobao, says("tb_demo02", name="王三"), run_id=3)
    (third,) = numbered("王三")
    lower, upper = merged(first, second), merged(second, third)
    actions.unmerge(lower, by=CLERK)
    assert queries.group_of(third) == (second, third) and queries.group_of(first) == (first,)
    actions.unmerge(upper, by=CLERK)
    assert Standing.objects.count() == 0 and CustomerCard.objects.count() == 3


def refused(call: Any, **given: Any) -> str:
    with pytest.raises(actions.MergeRefused) as caught:
        call(**given)
    return caught.value.code


def test_merges_in_circles_with_itself_and_twice_apart_are_refused_with_a_reason(two: tuple[int, int]) -> None:
    first, second = two
    merge_id = merged(first, second)
    for pair in ((first, second), (second, first), (second, second)):
        assert (
            refused(actions.merge_customers, absorbed_id=pair[0], survivor_id=pair[1], why="by_hand", by=CLERK)
            == "same"
        )
    actions.unmerge(merge_id, by=CLERK)
    assert refused(actions.unmerge, merge_id=merge_id, by=CLERK) == "undone"
    assert refused(actions.unmerge, merge_id=10**9, by=CLERK) == "unknown"


def test_a_source_record_moves_to_a_file_of_its_own_and_back_exactly(
    two: tuple[int, int], shopify: SourceFacts, record: Record
) -> None:
    first, _ = two
    record(shopify, says("sh_demo02", name="王小明", phone="13800000001", city="北京市"), run_id=3)
    (joined,) = Link.objects.filter(why="same_phone").values_list("source_record_id", flat=True)
    before = whole_rows()
    moved = actions.move_record(joined, by=CLERK)
    assert moved.from_id == first and CustomerCard.objects.get(pk=moved.to_id).city == "北京市"
    assert CustomerCard.objects.get(pk=first).city == "广州市"
    actions.undo_move(moved.link_id, by=CLERK)
    after = whole_rows()
    for name, kept in before.items():
        new = [row for row in after[name] if moved.to_id not in (row.get("id"), row.get("customer_id"))]
        assert new == kept, name
    assert CustomerCard.objects.get(pk=moved.to_id).archived_at is not None


def test_a_machine_hears_the_vetoes_that_a_person_may_overrule(
    two: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from zhike.customers.identity import counting

    monkeypatch.setattr(counting, "_vetoes", [lambda absorbed, survivor: "two_verified"])
    first, second = two
    given: dict[str, Any] = {"absorbed_id": first, "survivor_id": second, "why": "above_threshold"}
    assert refused(actions.merge_customers, **given, by=SYSTEM) == "two_verified"
    assert refused(actions.merge_customers, **given, by=CLERK, by_machine=True) == "two_verified"
    assert actions.merge_customers(**given, by=CLERK).survivor_id == second
    assert Merge.objects.get().undone_at is None


def _ids(found: Iterable[Any]) -> list[int]:
    return [f.id for f in found]


def test_the_history_of_a_file_tells_its_merges_and_who_was_absorbed(two: tuple[int, int]) -> None:
    first, second = two
    merge_id = merged(first, second)
    (told,) = queries.merges_of(CLERK, second)
    assert (told.absorbed_name, told.absorbed_id, told.undone_at) == ("王小明", first, None)
    actions.unmerge(merge_id, by=CLERK)
    assert _ids(queries.merges_of(CLERK, first)) == _ids(queries.merges_of(CLERK, second)) == [merge_id]


def test_a_merged_file_is_found_by_the_name_and_the_number_that_lost(two: tuple[int, int]) -> None:
    first, second = two
    number = queries.lines(CLERK, [first])[first].number
    merge_id = merged(first, second)
    assert CustomerCard.objects.get().name in ("王小明", "王晓明")
    for typed in ("王小明", "王晓明", number):
        assert queries.search(CLERK, typed).ids == (second,), typed
    actions.unmerge(merge_id, by=CLERK)
    assert queries.search(CLERK, "王小明").ids == (first,)
    assert queries.search(CLERK, "王晓明").ids == (second,)

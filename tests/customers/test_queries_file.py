"""Stories of search, of the file, and of why a value stands there."""

import datetime as dt

import pytest

from tests.desk import ground
from tests.desk.ground import HIDDEN, MASKED, NOON, Person, viewer
from zhike.customers import queries
from zhike.customers.models import ContactRecord, CustomerCard, SourceRecord
from zhike.customers.records import TimelinePlace
from zhike.secure.records import LOCAL_OPERATOR, Rights

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
WANG = {
    "name": "王小明",
    "phone": "13812345678",
    "email": "Wang.Xm@example.com",
    "address": "浙江省杭州市西湖区文三路1号",
}


@pytest.fixture
def people(db: None) -> list[int]:
    ground.lay_ground()
    return ground.record(
        ground.source(),
        Person("buyer-1", WANG),
        Person("buyer-2", {"name": "李雷", "phone": "13900005678"}),
        Person("buyer-3", {"name": "王小红"}),
    )


@pytest.mark.parametrize(
    ("typed", "kind", "whom"),
    [
        ("K0000001", "number", [0]),
        ("k1", "number", [0]),
        ("13812345678", "phone", [0]),
        ("+86 138-1234-5678", "phone", [0]),
        ("5678", "tail", [0, 1]),
        ("wang.xm@EXAMPLE.com", "email", [0]),
        ("buyer-2", "platform_id", [1]),
        ("王小明", "name", [0]),
        ("小明", "name", [0]),
        ("王小", "name", [0, 2]),
        ("wangxiao", "name", [0, 2]),
        ("wxm", "name", [0]),
        ("WXH", "name", [2]),
        ("张", "name", []),
        ("  ", "", []),
        ("‮", "name", []),
        ("%", "name", []),
    ],
)
def test_one_box_understands_what_was_typed(people: list[int], typed: str, kind: str, whom: list[int]) -> None:
    first = people[0]
    answer = queries.search(viewer(), typed.replace("K0000001", f"K{first:07d}").replace("k1", f"k{first}"))
    assert sorted(answer.ids) == sorted(people[i] for i in whom)
    assert answer.kind == kind or not whom


def test_a_search_answers_only_within_the_scope(people: list[int]) -> None:
    CustomerCard.objects.filter(customer_id=people[0]).update(owner_staff_id=1)
    mine = viewer(scope="own", staff_id=1)
    assert queries.search(mine, "王小").ids == (people[0],)
    assert queries.search(mine, "13900005678").ids == ()


def test_somebody_who_sees_masks_cannot_try_numbers_out(people: list[int]) -> None:
    for tail in range(20):
        assert queries.search(viewer(), f"138123400{tail:02d}").refused == ""
    assert queries.search(viewer(), "13812345678").refused == "lookup.quota"
    assert queries.search(viewer(), "王小明").ids == (people[0],), "names are still found"


def test_hidden_values_find_nobody(people: list[int]) -> None:
    blind = viewer(personal=HIDDEN, name=MASKED)
    for typed in ("13812345678", "5678", "wang.xm@example.com", "王小明", "wxm"):
        assert queries.search(blind, typed).ids == ()


def test_more_candidates_than_are_shown_are_said_to_be_more(people: list[int]) -> None:
    answer = queries.search(viewer(), "王小", most=1)
    assert answer.capped and len(answer.ids) == 1


def test_the_file_shows_open_values_and_masks_of_sealed_ones(people: list[int]) -> None:
    values = {v.name: v for g in queries.field_groups(viewer(), people[0]) for v in g.fields}
    assert values["name"].text == "王小明"
    assert values["city"].text == "杭州市"
    assert values["phone"].text.endswith("5678") and "1234" not in values["phone"].text
    assert values["phone"].can_reveal and values["phone"].source_name == "Taobao"
    assert values["wechat"].is_known is False


def test_hidden_fields_are_not_on_the_file_at_all(people: list[int]) -> None:
    names = {v.name for g in queries.field_groups(viewer(phone=HIDDEN), people[0]) for v in g.fields}
    assert "phone" not in names and "email" in names
    assert queries.why(viewer(phone=HIDDEN), people[0], "phone") == []


def test_why_runs_the_rules_again_and_agrees_with_the_card(people: list[int]) -> None:
    trusted = ground.source("register", trust=5)
    later = NOON + dt.timedelta(days=30)
    ground.record(trusted, Person("r-1", {"name": "王晓明", "email": WANG["email"]}), run_id=2)
    ground.record(
        ground.source("gossip", trust=1),
        Person("g-1", {"name": "王大明", "email": WANG["email"]}, as_of=later),
        run_id=3,
    )
    told = queries.why(viewer(), people[0], "name")
    assert [(c.text, c.why) for c in told] == [("王晓明", "won"), ("王小明", "trust"), ("王大明", "trust")]
    assert queries.field_value(viewer(), people[0], "name").others_count == 2
    assert CustomerCard.objects.get(customer_id=people[0]).name == "王晓明"
    assert queries.disagreement(people[0]) == {}


def test_a_card_that_disagrees_with_the_rules_is_found(people: list[int]) -> None:
    CustomerCard.objects.filter(customer_id=people[0]).update(origins={"name": 1})
    assert "phone" in queries.disagreement(people[0])


def test_a_file_is_found_by_number_and_by_address_alike(people: list[int]) -> None:
    address = ground.public_id(people[0])
    assert queries.root_of(viewer(), address) == queries.root_of(viewer(), f"K{people[0]:07d}") == people[0]
    assert queries.root_of(viewer(), "nobody") is None


def test_masks_of_many_files_are_those_of_each(people: list[int]) -> None:
    masks = queries.masks_of(viewer(), people, "phone")
    assert set(masks) == {people[0], people[1]}
    assert masks[people[0]] == queries.field_value(viewer(), people[0], "phone").text
    assert queries.masks_of(viewer(phone=Rights()), people, "phone") == {people[0]: "", people[1]: ""}


def test_the_timeline_turns_its_pages_through_equal_moments(people: list[int]) -> None:
    record_id = SourceRecord.objects.filter(customer_id=people[0]).values_list("id", flat=True).get()
    ContactRecord.objects.bulk_create(
        ContactRecord(
            id=i,
            source_record_id=record_id,
            at=NOON + dt.timedelta(hours=i // 7),
            way="call",
            outcome="done",
            created_at=NOON,
        )
        for i in range(1, 60)
    )
    seen: list[str] = []
    place: TimelinePlace | None = None
    while True:
        items = queries.timeline(LOCAL_OPERATOR, [record_id], place, 10)
        seen += [f"{i.kind}{i.key}" for i in items]
        if len(items) < 10:
            break
        place = queries.place_of(items[-1])
    assert len(seen) == len(set(seen)) == 60


def test_the_timeline_names_fields_and_never_values(people: list[int]) -> None:
    record_ids = queries.header(viewer(), people[0]).record_ids
    told = " ".join(f"{i.title} {i.detail}" for i in queries.timeline(LOCAL_OPERATOR, record_ids))
    assert "王小明" not in told and "13812345678" not in told

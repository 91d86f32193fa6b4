"""Duplicates from the first import to a merge taken apart again: what is proposed, what is known for ever, who was faster."""

import pytest

from tests.customers.story import says
from zhike.clean.actions import bulk_merging, duplicates
from zhike.clean.models import CandidatePair, KnownPair
from zhike.clean.queries import duplicates as asked
from zhike.customers import actions as customers_do
from zhike.customers import queries as customers
from zhike.kit import jobs
from zhike.secure.records import LOCAL_OPERATOR as BY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
HOME = "浙江省杭州市西湖区文三路478号12幢301室"
WANG = {"name": "王晓明", "phone": "14012345678", "address": HOME, "email": "wxm8812@example.com"}
AGAIN = {"name": "王小明", "phone": "14012345687", "address": "浙江省杭州市西湖区文三路478号12栋301"}


def roots() -> list[int]:
    """Living files by id."""
    return [f.customer_id for f in customers.files_to_match(limit=1_000)]


@pytest.fixture
def wangs(taobao, shopify, record):
    """One man in two shops: his name and telephone mistyped in the second; and a stranger."""
    record(taobao, says("tb_wang", **WANG), says("tb_li", row_no=2, name="李建国", phone="14187654321"))
    record(shopify, says("sp_wang", **AGAIN), run_id=2)
    return roots()


def waiting() -> list[CandidatePair]:
    return list(CandidatePair.objects.filter(state="open").order_by("-weight"))


def test_one_man_in_two_shops_is_proposed_and_the_stranger_is_not(wangs, search):
    search()
    (pair,) = waiting()
    assert (pair.low_id, pair.high_id) == (wangs[0], wangs[2])
    levels = {code: level for code, level, _ in pair.parts}
    assert levels["name"] == "reading"
    assert levels["phone"] == "one_digit"
    assert levels["address"] == "detail_near"
    assert levels["email"] == ""  # said by one of them only: it weighs nothing
    assert pair.weight > 0 and 0.5 < pair.probability < 1


def test_an_import_alone_finds_what_it_brought_without_the_rest_being_opened(taobao, shopify, record, wangs):
    jobs.run_pending()
    assert [(p.low_id, p.high_id) for p in waiting()] == [(wangs[0], wangs[2])]
    run = asked.latest_run()
    assert run.kind == "changes"
    assert run.counts["customers"] <= 2


def test_a_merge_is_reviewed_and_taken_back_exactly(wangs, search):
    search()
    (pair,) = waiting()
    before = {f: customers.field_value(BY, wangs[0], f).text for f in ("name", "phone", "email")}
    assert duplicates.decide(pair.public_id, "merge", by=BY, survivor_id=wangs[0]) == "merged"
    assert customers.living_roots([wangs[2]]) == {wangs[2]: wangs[0]}
    duplicates.take_back(pair.public_id, by=BY)
    assert roots() == wangs
    assert {f: customers.field_value(BY, wangs[0], f).text for f in before} == before
    assert [p.public_id for p in waiting()] == [pair.public_id]


def test_a_value_chosen_from_the_other_side_stands_on_the_merged_file(wangs, search):
    search()
    (pair,) = waiting()
    rows = {r.name: r for r in customers.side_by_side(BY, [pair.low_id, pair.high_id])}
    assert rows["name"].agrees is False and rows["phone"].agrees is False
    other = {n: 1 - rows[n].stands for n in ("name", "phone")}
    keep = {n: rows[n].values[other[n]].version_id for n in other}
    texts = {n: rows[n].values[other[n]].text for n in other}
    duplicates.decide(pair.public_id, "merge", by=BY, survivor_id=wangs[0], keep=keep)
    shown = {n: customers.field_value(BY, wangs[0], n) for n in other}
    assert {n: v.text for n, v in shown.items()} == texts
    assert all(v.is_house for v in shown.values())
    # Found by the telephone that was chosen, though nobody typed it in.
    assert customers.search(BY, "14012345687" if other["phone"] == 1 else "14012345678").ids == (wangs[0],)


@pytest.mark.parametrize("said", ["not_same", "same_household"])
def test_what_people_know_of_a_pair_outlives_searches_and_merges(wangs, search, taobao, record, said):
    search()
    (pair,) = waiting()
    duplicates.decide(pair.public_id, said, by=BY)
    search(True)
    assert waiting() == []
    # The stranger turns out to be one with the second: the knowledge holds for the file of both.
    customers_do.merge_customers(absorbed_id=wangs[2], survivor_id=wangs[1], why="by_hand", by=BY)
    search()
    assert [(p.low_id, p.high_id) for p in waiting()] == []
    with pytest.raises(customers_do.MergeRefused) as refused:
        customers_do.merge_customers(absorbed_id=wangs[0], survivor_id=wangs[1], why="x", by=BY, by_machine=True)
    assert refused.value.code == "settled"
    duplicates.take_back(pair.public_id, by=BY)
    assert KnownPair.objects.filter(withdrawn_at=None).count() == 0


def test_the_second_of_two_clerks_is_told_who_was_faster(wangs, search, keeper, supervisor, viewer_for):
    search()
    (pair,) = waiting()
    duplicates.decide(pair.public_id, "not_same", by=viewer_for(keeper))
    with pytest.raises(duplicates.PairRefused) as refused:
        duplicates.decide(pair.public_id, "merge", by=viewer_for(supervisor))
    assert refused.value.code == "decided"
    assert refused.value.params == {"state": "not_same", "by_staff_id": keeper.pk}


def test_files_merged_while_a_search_runs_are_told_by_their_new_file(wangs, search, monkeypatch):
    from zhike.clean.match import keeping

    really = keeping.keep

    def meanwhile(found, run, **named):
        if roots() == wangs:
            customers_do.merge_customers(absorbed_id=wangs[2], survivor_id=wangs[1], why="by_hand", by=BY)
        return really(found, run, **named)

    monkeypatch.setattr(keeping, "keep", meanwhile)
    search()
    assert [(p.low_id, p.high_id) for p in waiting()] == [(wangs[0], wangs[1])]


def test_a_pair_skipped_waits_aside_and_a_search_leaves_it_there(wangs, search):
    search()
    (pair,) = waiting()
    duplicates.decide(pair.public_id, "skip", by=BY)
    search()
    assert waiting() == []
    assert [p.public_id for p in asked.queue(BY, "skipped").pairs] == [pair.public_id]
    assert duplicates.decide(pair.public_id, "merge", by=BY) == "merged"


def test_a_person_and_an_organization_alike_are_never_proposed(taobao, shopify, record, search):
    same = {"name": "王晓明", "phone": "14012345678", "address": HOME}
    record(taobao, says("tb_wang", **same))
    record(shopify, says("sp_shop", kind="organisation", joins=(), **same), run_id=2)
    search()
    assert waiting() == []


def test_a_merge_taken_apart_on_the_file_brings_its_pair_back(wangs, search):
    search()
    (pair,) = waiting()
    duplicates.decide(pair.public_id, "merge", by=BY)
    pair.refresh_from_db()
    customers_do.unmerge(pair.merge_id, by=BY)
    jobs.run_pending()
    assert [p.public_id for p in waiting()] == [pair.public_id]


def test_many_are_merged_at_once_and_taken_apart_again(taobao, shopify, record, search, keeper, viewer_for):
    named = (
        ("王晓明", "14012341001"),
        ("李建国", "14155667788"),
        ("张梓涵", "14290807060"),
        ("刘思雨", "14333221100"),
        ("陈海波", "14470605040"),
    )
    people = [
        {"name": name, "phone": phone, "address": f"浙江省杭州市西湖区{'文解新光建'[n]}{n}路{n + 3}号"}
        for n, (name, phone) in enumerate(named)
    ]
    record(taobao, *(says(f"a{n}", row_no=n, **one) for n, one in enumerate(people)))
    # No join at arrival: these were typed in without saying that the telephone is the buyer's.
    record(shopify, *(says(f"b{n}", row_no=n, joins=(), **one) for n, one in enumerate(people)), run_id=2)
    before = roots()
    search()
    viewer = viewer_for(keeper)
    sure, _ = bulk_merging.surely_one(10)
    assert len(sure) == 5
    public_id = bulk_merging.start_bulk_merge(10, by=viewer)
    jobs.run_pending()
    made = asked.bulk(public_id)
    assert (made.state, made.counts["merged"]) == ("done", 5)
    assert len(roots()) == 5
    bulk_merging.start_undo(public_id, by=viewer)
    jobs.run_pending()
    assert roots() == before
    assert asked.bulk(public_id).state == "undone"
    assert len(waiting()) >= 5


def test_an_empty_base_and_empty_names_and_equal_people_break_nothing(taobao, record, search):
    assert search().state == "done"
    record(taobao, *(says(f"k{n}", row_no=n) for n in range(30)))
    record(taobao, *(says(f"e{n}", row_no=n, name="张伟", phone="14099998888", joins=()) for n in range(60)), run_id=2)
    run = search()
    assert run.state == "done"
    assert ["phone", 60] in run.capped


@pytest.mark.slow
def test_ten_thousand_records_with_one_phone_stay_ten_thousand_files_and_open_no_pairs(taobao, shopify, record, search):
    for run_id in range(1, 11):
        first = 1_000 * run_id
        record(
            taobao,
            *(
                says(f"k{n}", row_no=n, name=f"客{n}", phone="14099998888", joins=("phone",))
                for n in range(first, first + 1_000)
            ),
            run_id=run_id,
        )
    record(shopify, says("sp", name="外来客", phone="14099998888", joins=("phone",)), run_id=99)
    assert customers.count_files() == 10_001  # of one source nobody joins, and where many answer nobody does
    run = search()
    assert run.state == "done"
    assert ["phone", 10_001] in run.capped
    assert run.counts["looked_at"] < 10_001


def test_nobody_below_the_rights_decides_or_searches(wangs, search, operator, viewer_for):
    from zhike.secure.permissions import Forbidden

    search()
    (pair,) = waiting()
    viewer = viewer_for(operator)
    for act in (
        lambda: duplicates.decide(pair.public_id, "merge", by=viewer),
        lambda: duplicates.take_back(pair.public_id, by=viewer),
        lambda: duplicates.start_search(by=viewer),
        lambda: bulk_merging.start_bulk_merge(10, by=viewer),
    ):
        with pytest.raises(Forbidden):
            act()


@pytest.fixture
def confirmed(wangs, search):
    """A pair of files, of each of which somebody confirmed the telephone by a call; its weight says surely one."""
    search()
    for root in (wangs[0], wangs[2]):
        (value,), _mark = customers.checked_values(BY, root, "phone")
        customers_do.verify_value(root, "phone", {value.version_id: True}, by=BY, way="call")
    CandidatePair.objects.update(weight=20, parts=[["phone", "one_digit", 5.0]])
    return CandidatePair.objects.get()


def test_two_confirmed_by_contact_are_joined_by_no_machine_and_become_a_task(confirmed, keeper, supervisor, viewer_for):
    from zhike.work.models import Task

    sides = {"absorbed_id": confirmed.high_id, "survivor_id": confirmed.low_id}
    with pytest.raises(customers_do.MergeRefused) as refused:
        customers_do.merge_customers(**sides, why="above_threshold", by=BY, by_machine=True)
    assert refused.value.code == "two_verified"
    with pytest.raises(duplicates.PairRefused, match="two_verified"):
        duplicates.decide(confirmed.public_id, "merge", by=viewer_for(keeper), by_machine=True)
    assert bulk_merging.surely_one(10)[1] == {"two_verified": 1}
    with pytest.raises(duplicates.PairRefused, match="nothing"):
        bulk_merging.start_bulk_merge(10, by=viewer_for(supervisor))
    # Confirmed only after somebody asked for the bulk: it is refused on the way, and a person is asked.
    made = bulk_merging.BulkMerge.objects.create(public_id="b", at_least=10, created_at=confirmed.found_at)
    list(bulk_merging.merge_in_bulk(made.pk, by=viewer_for(supervisor)))
    made.refresh_from_db()
    assert made.counts == {"merged": 0, "left_two_verified": 1}
    task = Task.objects.get(kind="decide_pair", state="open")
    assert (task.about_id, task.about_part) == (confirmed.low_id, confirmed.public_id)
    assert duplicates.decide(confirmed.public_id, "merge", by=viewer_for(keeper)) == "merged"
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("done", "merge")


def test_a_pair_confirmed_while_a_bulk_runs_is_refused_at_its_own_merge(confirmed, supervisor, viewer_for):
    from zhike.work.models import Task

    made = bulk_merging.BulkMerge.objects.create(public_id="b", at_least=10, created_at=confirmed.found_at)
    assert bulk_merging._merge_one(confirmed, made.pk, viewer_for(supervisor)) == "two_verified"
    assert Task.objects.filter(kind="decide_pair", state="open").count() == 1
    confirmed.refresh_from_db()
    assert confirmed.state == "open"


def test_one_confirmed_and_one_not_are_still_joined_by_machine(wangs, search):
    search()
    (value,), _mark = customers.checked_values(BY, wangs[0], "phone")
    customers_do.verify_value(wangs[0], "phone", {value.version_id: True}, by=BY, way="call")
    given = {"absorbed_id": wangs[2], "survivor_id": wangs[0], "why": "above_threshold"}
    assert customers_do.merge_customers(**given, by=BY, by_machine=True).survivor_id == wangs[0]


def test_an_arrival_that_answers_to_two_confirmed_files_joins_neither(confirmed, record):
    before = roots()
    jd = customers_do.add_source(
        code="jd", name="京东店", channel_kind="shop_platform", platform="jd", legal_basis="contract", by=BY
    )
    record(jd, says("jd_wang", name=AGAIN["name"], phone=AGAIN["phone"], email=WANG["email"]), run_id=3)
    now = roots()
    assert len(now) == len(before) + 1 and set(before) < set(now)
    jobs.run_pending()
    assert roots() == now
    (arrived,) = set(now) - set(before)
    beside = {p.low_id for p in waiting() if p.high_id == arrived}
    assert beside == {confirmed.low_id, confirmed.high_id}


@pytest.mark.parametrize(("path", "asks"), [("duplicates", "duplicates/search"), ("quality", "quality/measure")])
def test_what_was_never_looked_at_says_so_with_one_button_that_begins_it(taobao, record, keeper, path, asks):
    from tests.cast import signed_in

    record(taobao, says("k1", name="王小明", phone="14099998888"))
    browser = signed_in(keeper)
    page = browser.get(f"/clean/{path}/").content.decode()
    assert page.count(f'action="/clean/{asks}/"') == 1
    assert browser.post(f"/clean/{asks}/").status_code == 302
    waiting_page = browser.get(f"/clean/{path}/").content.decode()
    assert f'action="/clean/{asks}/" class="empty-acts"' not in waiting_page
    assert 'hx-trigger="every' in waiting_page or "hx-trigger='every" in waiting_page

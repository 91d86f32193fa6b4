"""Stories of cards: one closes when a customer moves on and reads as it was; why customers stop is traced; paper has a place."""

import datetime as dt

import pytest

from tests.cast import hire
from tests.customers.story import Record, says
from zhike.customers import actions, queries
from zhike.customers.actions import PaperRefused, StopRefused
from zhike.customers.models import Customer, CustomerCard, OldCard, PaperFile, StopTrace
from zhike.customers.records import SourceFacts
from zhike.customers.scope import CustomerUnknown
from zhike.secure import queries as secure
from zhike.secure import subjects
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Viewer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
TODAY = dt.date(2026, 3, 2)


def person(stage: str = "potential", **more: str) -> int:
    made = actions.add_customer("person", {"name": "王小明", **more}, by=LOCAL_OPERATOR)
    actions.set_stage([made], stage, by=LOCAL_OPERATOR)
    return made


def old(customer_id: int, viewer: Viewer = LOCAL_OPERATOR):
    (card,) = queries.old_cards(viewer, customer_id)
    return queries.old_card(viewer, customer_id, card.public_id)


def texts(card) -> dict[str, str]:
    return {v.name: v.text for group in card.groups for v in group.fields}


# -- old cards


def test_a_change_of_stage_keeps_the_card_as_it_was(vault_ready: None) -> None:
    one = person(need="一口轻的锅", phone="13800000001")
    actions.add_tag([one], "展会", by=LOCAL_OPERATOR)
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    actions.edit_fields(one, {"need": "一口铁锅", "phone": "13800000002", "name": "王大明"}, by=LOCAL_OPERATOR)
    actions.remove_tag([one], "展会", by=LOCAL_OPERATOR)
    card = old(one)
    assert (card.facts.kind, card.facts.stage, card.facts.next_stage) == ("potential", "potential", "current")
    assert (card.row.name, card.row.stage, [t.name for t in card.row.tags]) == ("王小明", "potential", ["展会"])
    assert texts(card)["need"] == "一口轻的锅"
    assert texts(card)["phone"].endswith("0001") and "13800000001" not in str(texts(card))


def test_stages_of_one_kind_share_a_card(vault_ready: None) -> None:
    one = person("target_market")
    actions.set_stage([one], "potential", by=LOCAL_OPERATOR)
    actions.set_stage([one], "target", by=LOCAL_OPERATOR)
    assert not OldCard.objects.exists(), "one survey card serves all who have not bought"
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    actions.set_stage([one], "former", by=LOCAL_OPERATOR)
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    kinds = [c.kind for c in queries.old_cards(LOCAL_OPERATOR, one)]
    assert kinds == ["former", "current", "potential"], "who comes back has a former card behind them"


def test_nobody_surveyed_leaves_no_card(vault_ready: None) -> None:
    one = person("target_market")
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    assert not OldCard.objects.exists()


def test_a_change_taken_back_opens_the_card_again(vault_ready: None) -> None:
    one = person("current")
    moved = actions.set_stage([one], "former", by=LOCAL_OPERATOR)
    assert [c.kind for c in queries.old_cards(LOCAL_OPERATOR, one)] == ["current", "potential"]
    _take_back(moved, "former")
    assert [c.kind for c in queries.old_cards(LOCAL_OPERATOR, one)] == ["potential"]
    assert CustomerCard.objects.get(customer_id=one).stage == "current"


def _take_back(moved: list[tuple[int, str]], left: str) -> None:
    actions.take_back_moves(moved, left=left, by=LOCAL_OPERATOR)


def test_an_old_card_is_read_with_the_rights_of_today(vault_ready: None) -> None:
    one = person(phone="13800000001", need="一口锅")
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    analyst = secure.viewer_of(hire("analyst"))
    card = old(one, analyst)
    assert "phone" not in texts(card) and "王小明" not in str(card) and texts(card)["need"] == "一口锅"
    owner = secure.viewer_of(hire("owner"))
    assert texts(old(one, owner))["phone"] == "138****0001"


def test_an_old_card_outside_the_scope_does_not_exist(vault_ready: None) -> None:
    one, other = person(), person()
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    seller = secure.viewer_of(hire("account_manager"))
    assert queries.old_cards(seller, one) == []
    held = OldCard.objects.get()
    assert queries.old_card(seller, one, held.public_id) is None
    assert queries.old_card(LOCAL_OPERATOR, other, held.public_id) is None, "a card belongs to its own file"


def test_an_undone_import_leaves_the_old_card_readable(vault_ready: None, taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("tb1", name="李四", city="杭州市"), run_id=1)
    one = Customer.objects.get().id
    actions.set_stage([one], "potential", by=LOCAL_OPERATOR)
    actions.set_stage([one], "current", by=LOCAL_OPERATOR)
    for _ in actions.withdraw_run(1):
        pass
    assert old(one).row.name == "李四"


def test_erasure_reaches_old_cards_tracing_and_paper(vault_ready: None) -> None:
    one = person("current", phone="13800000001")
    actions.set_stage([one], "former", by=LOCAL_OPERATOR)
    actions.trace_stop(one, by=LOCAL_OPERATOR, on=TODAY, today=TODAY, reason="price", words="王小明说太贵")
    actions.place_paper(one, by=LOCAL_OPERATOR, volume="12", leaf="3", shelf="A")
    subjects.bury("customer", one, "request")
    assert not OldCard.objects.exists() and not PaperFile.objects.exists()
    assert [(t.reason, t.words) for t in StopTrace.objects.all()] == [("price", "")], (
        "figures keep the reason, not the words"
    )


# -- why they stopped


def test_the_newest_reason_stands_and_every_step_stays(vault_ready: None) -> None:
    one = person("former")
    records = queries.record_ids_of(one)
    actions.trace_stop(one, by=LOCAL_OPERATOR, on=TODAY - dt.timedelta(9), today=TODAY, reason="unknown")
    actions.trace_stop(
        one,
        by=LOCAL_OPERATOR,
        on=TODAY,
        today=TODAY,
        reason="rival",
        words="改从别家进货",
        review_on=dt.date(2026, 6, 1),
    )
    traces = queries.stop_traces(LOCAL_OPERATOR, queries.record_ids_of(one) or records)
    assert [(t.reason, t.words) for t in traces] == [("rival", "改从别家进货"), ("unknown", "")]
    assert traces[0].review_on == dt.date(2026, 6, 1)
    assert AuditEvent.objects.filter(action="customer.stop_traced").count() == 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "empty"),
        ({"words": "打 13800000001 问"}, "identifier"),
        ({"words": "长" * 401}, "too_long"),
        ({"reason": "nonsense"}, "unknown"),
        ({"reason": "price", "on": TODAY + dt.timedelta(1)}, "future"),
    ],
)
def test_a_step_that_cannot_be_noted_says_why(vault_ready: None, given: dict, code: str) -> None:
    one = person("former")
    with pytest.raises(StopRefused) as refusal:
        actions.trace_stop(one, by=LOCAL_OPERATOR, **{"on": TODAY, "today": TODAY, **given})
    assert refusal.value.code == code


def test_the_house_edits_its_reasons_and_old_notes_stay(vault_ready: None) -> None:
    one = person("former")
    actions.trace_stop(one, by=LOCAL_OPERATOR, on=TODAY, today=TODAY, reason="price")
    actions.change_stop_reason(
        "price", by=LOCAL_OPERATOR, name_zh="嫌贵", name_en="Too dear", place=5, is_archived=True
    )
    code = actions.add_stop_reason("换了采购", "Buyer changed", by=LOCAL_OPERATOR)
    offered = [r.code for r in queries.stop_reasons()]
    assert "price" not in offered and offered[-1] == code
    assert next(r.code for r in queries.stop_reasons(archived=True)) == "price"
    with pytest.raises(StopRefused):
        actions.trace_stop(one, by=LOCAL_OPERATOR, on=TODAY, today=TODAY, reason="price")
    (trace,) = queries.stop_traces(LOCAL_OPERATOR, queries.record_ids_of(one))
    assert trace.reason_name in ("嫌贵", "Too dear")


def test_reasons_are_edited_by_who_defines_fields(vault_ready: None) -> None:
    agent = secure.viewer_of(hire("agent"))
    with pytest.raises(Forbidden):
        actions.add_stop_reason("不好", "Bad", by=agent)
    with pytest.raises(StopRefused):
        actions.add_stop_reason(" ", "Bad", by=LOCAL_OPERATOR)
    assert len(queries.stop_reasons()) == 12


# -- paper


def test_a_paper_file_is_found_by_its_place(vault_ready: None) -> None:
    one = person()
    actions.place_paper(one, by=LOCAL_OPERATOR, volume="12", leaf="45", shelf="A3")
    other = person()
    actions.place_paper(other, by=LOCAL_OPERATOR, volume="12", leaf="46", shelf="A3")
    assert queries.search(LOCAL_OPERATOR, "架A3 册12 页45").ids == (one,)
    assert set(queries.search(LOCAL_OPERATOR, "册 12").ids) == {one, other}
    assert queries.search(LOCAL_OPERATOR, "shelf A3 leaf 46").ids == (other,)
    assert queries.search(LOCAL_OPERATOR, "架Z9").ids == ()
    page = queries.paper_files(LOCAL_OPERATOR, volume="12", limit=1)
    assert [r.leaf for r in page.rows] == ["45"]
    assert [r.leaf for r in queries.paper_files(LOCAL_OPERATOR, volume="12", after=page.next_key).rows] == ["46"]


def test_a_missing_leaf_is_marked_and_found_again(vault_ready: None) -> None:
    one = person()
    with pytest.raises(PaperRefused):
        actions.mark_missing(one, "3", by=LOCAL_OPERATOR, today=TODAY)
    actions.place_paper(one, by=LOCAL_OPERATOR, volume="1", leaf="1-6", shelf="")
    actions.mark_missing(one, "第3页", by=LOCAL_OPERATOR, today=TODAY)
    (place,) = queries.paper_of(LOCAL_OPERATOR, one)
    assert (place.missing, place.missing_since) == ("第3页", TODAY)
    assert len(queries.paper_files(LOCAL_OPERATOR, is_missing=True).rows) == 1
    actions.mark_missing(one, "", by=LOCAL_OPERATOR, today=TODAY)
    assert queries.paper_files(LOCAL_OPERATOR, is_missing=True).rows == ()
    actions.place_paper(one, by=LOCAL_OPERATOR, volume="", leaf="", shelf="")
    assert queries.paper_of(LOCAL_OPERATOR, one) == []


def test_paper_outside_the_scope_is_not_listed(vault_ready: None) -> None:
    one = person()
    actions.place_paper(one, by=LOCAL_OPERATOR, volume="1", leaf="", shelf="")
    seller = secure.viewer_of(hire("account_manager"))
    assert queries.paper_files(seller).rows == () and queries.search(seller, "册1").ids == ()
    with pytest.raises(CustomerUnknown):
        actions.place_paper(one, by=seller, volume="2", leaf="", shelf="")

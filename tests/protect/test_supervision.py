"""Supervision: what staff saw is drawn by chance, asked about, and judged by somebody else."""

import datetime as dt
from typing import Any

import pytest

from tests.cast import signed_in
from zhike.customers import actions as customers
from zhike.kit import clock, jobs
from zhike.protect.models import DisclosureReview
from zhike.protect.supervision import actions, queries
from zhike.protect.supervision.rules import Rules, rules, wanted
from zhike.secure import actions as secure
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, Viewer
from zhike.work import queries as tasks

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
NOW = dt.datetime(2026, 11, 20, 6, tzinfo=dt.UTC)


@pytest.fixture
def file_id(owner: Any) -> int:
    return customers.add_customer("person", {"name": "赵一", "phone": "13812345678"}, by=LOCAL_OPERATOR)


def look(viewer: Viewer, file_id: int, times: int = 1) -> None:
    for _ in range(times):
        customers.reveal_field(file_id, "phone", purpose="delivery", by=viewer)


def drawn(*, at: dt.datetime = NOW) -> list[DisclosureReview]:
    with clock.freeze(at):
        actions.draw(clock.now(), now=True)
    return list(DisclosureReview.objects.order_by("id"))


@pytest.fixture
def looked(agent: Any, file_id: int) -> DisclosureReview:
    with clock.freeze(NOW - dt.timedelta(hours=2)):
        look(rights.viewer_of(agent), file_id)
    return drawn()[0]


def test_a_share_of_each_persons_looks_is_drawn_and_none_of_them_twice(agent: Any, keeper: Any, file_id: int) -> None:
    with clock.freeze(NOW - dt.timedelta(hours=2)):
        look(rights.viewer_of(agent), file_id, times=3)
        look(rights.viewer_of(keeper), file_id, times=18)
    actions.set_rules(Rules(usual_share=0.25, most_each=4), by=LOCAL_OPERATOR)
    counts = [sum(r.staff_id == person.pk for r in drawn()) for person in (agent, keeper)]
    assert counts == [1, 4]  # a quarter of 3 rounded up; of 18 five, but at most four
    assert len(drawn(at=NOW + dt.timedelta(hours=1))) == 5


def test_by_night_it_draws_only_when_the_period_is_over(agent: Any, file_id: int) -> None:
    with clock.freeze(NOW - dt.timedelta(hours=2)):
        look(rights.viewer_of(agent), file_id)
    assert actions.draw(NOW) == 1
    with clock.freeze(NOW + dt.timedelta(hours=2)):
        look(rights.viewer_of(agent), file_id)
    assert actions.draw(NOW + dt.timedelta(days=6)) == 0
    assert actions.draw(NOW + dt.timedelta(days=7)) == 1
    actions.set_rules(Rules(is_on=False), by=LOCAL_OPERATOR)
    assert actions.draw(NOW + dt.timedelta(days=30)) == 0


def test_what_was_drawn_waits_among_the_tasks_of_security(looked: DisclosureReview, officer: Any, agent: Any) -> None:
    waiting = tasks.tasks_about(rights.viewer_of(officer), "disclosure", [looked.id])
    assert [(t.kind, t.queue) for t in waiting] == [("disclosure_review", "security")]
    assert not tasks.tasks_about(rights.viewer_of(agent), "disclosure", [looked.id])


def test_the_page_tells_what_surrounds_the_look_but_no_value(
    looked: DisclosureReview, officer: Any, agent: Any, file_id: int
) -> None:
    with clock.freeze(NOW - dt.timedelta(hours=1)):
        contact = customers.Contact(at=clock.now(), way="call", outcome="reached", note="说好明天送到")
        customers.record_contact(file_id, contact, by=rights.viewer_of(agent))
    found = queries.case(rights.viewer_of(officer), looked.public_id)
    assert found is not None
    assert [action for _at, action in found.beside.acts] == ["contact.recorded"]
    assert (found.look.field, found.look.purpose, found.is_owner) == ("phone", "delivery", None)
    page = signed_in(officer).get(f"/security/supervision/{looked.public_id}/").content.decode()
    assert found.number in page
    assert "13812345678" not in page and "赵一" not in page


def test_who_looked_is_asked_answers_and_is_judged(looked: DisclosureReview, officer: Any, agent: Any) -> None:
    who = rights.viewer_of(officer)
    actions.ask(looked.public_id, "为什么查看？客户电话 13812345678", by=who)
    asked = tasks.tasks_about(rights.viewer_of(agent), "disclosure", [looked.id])
    assert [(t.kind, t.owner_staff_id) for t in asked] == [("disclosure_question", agent.pk)]
    page = signed_in(agent).get(f"/security/supervision/{looked.public_id}/answer/").content.decode()
    assert "为什么查看" in page and "13812345678" not in page
    actions.answer(looked.public_id, "快递到不了，给客户打电话", by=rights.viewer_of(agent))
    actions.note(looked.public_id, "founded", by=who)
    looked.refresh_from_db()
    assert (looked.answer, looked.outcome, looked.by_staff_id) == ("快递到不了，给客户打电话", "founded", officer.pk)
    assert all(t.closed_at for t in tasks.tasks_about(who, "disclosure", [looked.id]))
    with pytest.raises(actions.ReviewRefused, match="noted"):
        actions.note(looked.public_id, "breach", by=who, words="改判")


@pytest.mark.parametrize(
    ("outcome", "words", "code"),
    [("fine", "", "outcome"), ("breach", " ", "words"), ("unfounded", "", "words"), ("breach", "x" * 1001, "too_long")],
)
def test_a_judgement_without_outcome_or_words_is_refused_and_nothing_is_noted(
    looked: DisclosureReview, officer: Any, outcome: str, words: str, code: str
) -> None:
    with pytest.raises(actions.ReviewRefused, match=code):
        actions.note(looked.public_id, outcome, by=rights.viewer_of(officer), words=words)
    looked.refresh_from_db()
    assert looked.outcome == "" and looked.noted_at is None


def test_nobody_judges_their_own_look_or_one_outside_their_people(
    supervisor: Any, account_manager: Any, file_id: int
) -> None:
    who = rights.viewer_of(supervisor)
    with clock.freeze(NOW - dt.timedelta(hours=2)):
        look(who, file_id)
    review = drawn()[0]
    with pytest.raises(actions.ReviewRefused, match="own"):
        actions.note(review.public_id, "founded", by=who)
    with pytest.raises(Forbidden):
        actions.note(review.public_id, "founded", by=rights.viewer_of(account_manager))
    narrow = Viewer(account_manager.pk, "", permissions=frozenset({"supervision.review"}), scope="own")
    with pytest.raises(actions.ReviewRefused, match="gone"):
        actions.note(review.public_id, "founded", by=narrow)
    assert signed_in(supervisor).get(f"/security/supervision/{review.public_id}/").status_code == 404


def test_only_who_looked_may_answer_and_only_when_asked(looked: DisclosureReview, agent: Any, keeper: Any) -> None:
    with pytest.raises(actions.ReviewRefused, match="gone"):
        actions.answer(looked.public_id, "没有人问过", by=rights.viewer_of(agent))
    actions.ask(looked.public_id, "为什么？", by=LOCAL_OPERATOR)
    with pytest.raises(actions.ReviewRefused, match="gone"):
        actions.answer(looked.public_id, "不是我看的", by=rights.viewer_of(keeper))


def test_of_who_looked_without_a_reason_more_is_drawn(looked: DisclosureReview, agent: Any) -> None:
    own = Rules(usual_share=0.1, doubtful_share=0.5, most_each=100)
    assert wanted(20, agent.pk, own) == 2
    actions.note(looked.public_id, "unfounded", by=LOCAL_OPERATOR, words="说不出原因")
    assert wanted(20, agent.pk, own) == 10
    line = queries.people(LOCAL_OPERATOR)[0]
    assert (line.name, line.founded_share, line.doubtful) == (agent.display_name, 0.0, True)


@pytest.mark.parametrize(
    "given",
    [Rules(usual_share=1.2), Rules(doubtful_share=float("nan")), Rules(most_each=0), Rules(period_days=0)],
)
def test_rules_that_make_no_sense_are_refused(given: Rules, db: None) -> None:
    with pytest.raises(actions.ReviewRefused, match="numbers"):
        actions.set_rules(given, by=LOCAL_OPERATOR)
    assert rules() == Rules()


def test_words_about_an_erased_customer_are_forgotten_and_the_judgement_stays(
    looked: DisclosureReview, officer: Any, file_id: int
) -> None:
    actions.note(looked.public_id, "breach", by=rights.viewer_of(officer), words="替朋友查电话")
    actions.forget_words_about(file_id)
    looked.refresh_from_db()
    assert (looked.note, looked.outcome) == ("", "breach")


def test_the_officer_draws_from_the_page_and_judges_there(agent: Any, officer: Any, file_id: int) -> None:
    look(rights.viewer_of(agent), file_id)
    as_officer = signed_in(officer)
    assert "还没有抽取过" in as_officer.get("/security/supervision/").content.decode()
    as_officer.post("/security/supervision/draw/")
    jobs.run_pending()
    review = DisclosureReview.objects.get()
    page = as_officer.get("/security/supervision/").content.decode()
    assert agent.display_name in page and f"/security/supervision/{review.public_id}/" in page
    kept = as_officer.post(f"/security/supervision/{review.public_id}/", {"outcome": "founded"})
    assert kept.status_code == 302
    told = as_officer.post("/security/supervision/rules/", {"usual": "zehn", "most_each": "3"}, follow=True)
    assert "比例请填" in told.content.decode()
    assert secure.reveals_left(rights.viewer_of(agent)) > 0

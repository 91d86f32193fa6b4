"""Credit reports: points and proposals, four eyes, what a person decides of a person, versions of weights."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from tests.cast import hire
from tests.credit.ground import WAN, draft, firm, person, stated
from zhike.credit import actions, queries
from zhike.credit.actions import ReportRefused, RuleRefused
from zhike.credit.models import CreditReport
from zhike.customers import queries as customers
from zhike.customers.models import CustomerCard
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.work.models import Task

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture
def keeper_(shop: None) -> Any:
    return secure.viewer_of(hire("keeper"))


@pytest.fixture
def supervisor_(shop: None) -> Any:
    return secure.viewer_of(hire("supervisor"))


def report(public_id: str) -> Any:
    found = queries.report(BY, public_id)
    assert found is not None
    return found


def test_a_report_adds_up_and_the_rule_that_binds_is_named(keeper_: Any) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    found = report(actions.draft_report(customer, draft(), by=keeper_))
    assert (found.grade, found.results["5c"]["points"]) == ("AA", 80)
    assert found.proposal["binding"] == "working_assets" and found.proposal["limit_cents"] == 162.5 * WAN
    assert found.proposal["z2"] == 3.3464 and found.proposal["zone"] == "safe"
    assert found.proposal["blank"]["sales"] == "no_sales"


def test_a_missing_factor_marks_the_report_incomplete(keeper_: Any) -> None:
    judged = {"character": (9.0, "守信"), "capacity": (None, "查不到")}
    found = report(actions.draft_report(firm(), draft(scores={"5c": judged}), by=keeper_))
    assert found.results["5c"]["missing"] == ["capacity", "capital", "collateral", "condition"]
    assert found.grade == "AAA"


def test_sets_are_scored_apart_and_the_leading_one_counts(keeper_: Any) -> None:
    both = {"5c": draft().scores["5c"], "5p": {"people": (3.0, "")}}
    found = report(actions.draft_report(firm(), draft(scores=both, leading="5p"), by=keeper_))
    assert (found.grade, found.results["5c"]["grade"]) == ("CCC", "AA")


def test_a_grade_by_hand_needs_a_reason_and_caps_the_limit(keeper_: Any) -> None:
    customer = firm()
    actions.add_statement(customer, stated(), by=BY)
    with pytest.raises(ReportRefused, match="override_why"):
        actions.draft_report(customer, draft(override_grade="CCC"), by=keeper_)
    found = report(actions.draft_report(customer, draft(override_grade="CCC", override_why="有诉讼"), by=keeper_))
    assert (found.grade, found.proposal["binding"], found.proposal["limit_cents"]) == ("CCC", "grade", 0)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"leading": "7x"}, "set"),
        ({"scores": {"5c": {"character": (11.0, "")}}}, "score"),
        ({"override_grade": "AAAA", "override_why": "x"}, "grade"),
        ({"limit_cents": -1}, "amount"),
        ({"terms_days": 9999}, "terms"),
        ({"valid_until": dt.date(2028, 1, 1)}, "valid"),
        ({"sources": [("银行", "昨天", "")]}, "sources"),
        ({"sections": {"opinion": "打 13812345678"}}, "identifier"),
    ],
)
def test_what_cannot_stand_in_a_report_is_refused(keeper_: Any, given: dict[str, Any], code: str) -> None:
    with pytest.raises(ReportRefused) as refused:
        actions.draft_report(firm(), draft(**given), by=keeper_)
    assert refused.value.code == code


def test_somebody_else_decides_and_the_author_cannot(keeper_: Any, supervisor_: Any) -> None:
    customer = firm()
    made = actions.draft_report(customer, draft(), by=supervisor_)
    actions.submit_report(made, by=supervisor_)
    task = Task.objects.get(kind="credit_approval", state="open")
    assert (task.about_id, task.queue, task.about_part) == (customer, "credit", made)
    with pytest.raises(ReportRefused, match="own"):
        actions.decide_report(made, "approved", by=supervisor_)
    with pytest.raises(ReportRefused, match="own"):
        actions.decide_report(made, "approved", by=BY)  # a machine is nobody
    with pytest.raises(Forbidden):
        actions.decide_report(made, "approved", by=keeper_)
    owner = secure.viewer_of(hire("owner"))
    with pytest.raises(ReportRefused, match="amount"):
        actions.decide_report(made, "approved", by=owner, limit_cents=101 * WAN)
    actions.decide_report(made, "approved", "稳妥起见", by=owner, limit_cents=80 * WAN)
    found = report(made)
    assert (found.state, found.limit_cents, found.decided_by_staff_id) == ("approved", 80 * WAN, owner.staff_id)
    assert not Task.objects.filter(kind="credit_approval", state="open").exists()
    detail = AuditEvent.objects.get(action="credit.decided").detail
    assert detail == {"verdict": "approved", "lowered": True}


def test_who_submits_a_colleagues_draft_answers_for_it(keeper_: Any, supervisor_: Any) -> None:
    made = actions.draft_report(firm(), draft(), by=keeper_)
    actions.submit_report(made, by=supervisor_)
    with pytest.raises(ReportRefused, match="own"):
        actions.decide_report(made, "approved", by=supervisor_)


def test_a_draft_without_grade_limit_or_day_is_not_submitted(keeper_: Any) -> None:
    for given, code in (
        ({"scores": {}}, "no_grade"),
        ({"limit_cents": None}, "no_limit"),
        ({"terms_days": None}, "no_limit"),
        ({"valid_until": None}, "valid"),
        ({"valid_until": dt.date(2026, 7, 1)}, "valid"),
    ):
        made = actions.draft_report(firm(), draft(**given), by=keeper_)
        with pytest.raises(ReportRefused) as refused:
            actions.submit_report(made, by=keeper_)
        assert refused.value.code == code


def test_what_was_submitted_stands_and_a_refusal_says_why(keeper_: Any, supervisor_: Any) -> None:
    made = actions.draft_report(firm(), draft(), by=keeper_)
    actions.change_report(made, draft(score=7.0), by=keeper_)
    actions.submit_report(made, by=keeper_)
    with pytest.raises(ReportRefused, match="state"):
        actions.change_report(made, draft(), by=keeper_)
    with pytest.raises(ReportRefused, match="note_missing"):
        actions.decide_report(made, "refused", "  ", by=supervisor_)
    actions.decide_report(made, "refused", "抵押不足", by=supervisor_)
    assert report(made).state == "refused"


def test_of_a_natural_person_somebody_decides_with_reasons_and_an_amount_by_hand(
    keeper_: Any, supervisor_: Any
) -> None:
    customer = person()
    made = actions.draft_report(customer, draft(), by=keeper_)
    found = report(made)
    assert found.is_person and found.statement_id is None and "z2" not in found.proposal
    actions.submit_report(made, by=keeper_)
    with pytest.raises(ReportRefused, match="note_missing"):
        actions.decide_report(made, "approved", by=supervisor_, limit_cents=WAN)
    with pytest.raises(ReportRefused, match="limit_missing"):
        actions.decide_report(made, "approved", "多年往来", by=supervisor_)
    actions.decide_report(made, "approved", "多年往来", by=supervisor_, limit_cents=WAN)
    assert report(made).limit_cents == WAN


def test_nothing_but_a_persons_decision_ever_approves(keeper_: Any) -> None:
    made = actions.draft_report(person(), draft(), by=keeper_)
    actions.submit_report(made, by=keeper_)
    actions.offer_reviews()
    with clock.freeze(dt.datetime(2027, 12, 1, tzinfo=dt.UTC)):
        actions.offer_reviews()
    assert set(CreditReport.objects.values_list("state", flat=True)) == {"waiting"}


def test_weights_are_versions_and_old_reports_keep_theirs(keeper_: Any) -> None:
    owner = secure.viewer_of(hire("owner"))
    customer = firm()
    judged = {"character": (10.0, ""), "capacity": (1.0, ""), "capital": (1.0, ""), "collateral": (1.0, ""), "condition": (1.0, "")}  # fmt: skip
    before = actions.draft_report(customer, draft(scores={"5c": judged}), by=keeper_)
    weights = {"character": 60.0, "capacity": 10.0, "capital": 10.0, "collateral": 10.0, "condition": 10.0}
    assert actions.set_weights("5c", weights, "信誉为先", by=owner) == 1
    assert actions.set_weights("5c", weights, "", by=owner) == 1
    after = actions.draft_report(customer, draft(scores={"5c": judged}), by=keeper_)
    assert report(before).results["5c"]["points"] == 28 and report(after).results["5c"]["points"] == 64
    assert (report(before).results["5c"]["version"], report(after).results["5c"]["version"]) == (0, 1)
    with pytest.raises(Forbidden):
        actions.set_weights("5c", weights, "", by=keeper_)
    with pytest.raises(RuleRefused) as refused:
        actions.set_weights("5c", {**weights, "character": 50.0}, "", by=owner)
    assert (refused.value.code, refused.value.part) == ("whole", "90.0")
    assert [r.version for r in queries.rule_history()] == [1]


def test_limits_are_a_rule_with_versions_too(shop: None) -> None:
    owner = secure.viewer_of(hire("owner"))
    actions.set_limits({"own_cap_cents": 50 * WAN, "grace_days": 5}, "谨慎", by=owner)
    assert (queries.limits().own_cap_cents, queries.limits().grace_days) == (50 * WAN, 5)
    actions.set_limits({"review_days": 180}, "", by=owner)
    assert (queries.limits().own_cap_cents, queries.limits().review_days) == (50 * WAN, 180)
    for wrong, code in (({"grace_days": -1}, "days"), ({"own_cap_cents": -1}, "amount"), ({"bands": [[2, 5], [1, 5]]}, "order")):  # fmt: skip
        with pytest.raises(RuleRefused) as refused:
            actions.set_limits(wrong, "", by=owner)
        assert refused.value.code == code


def test_who_sees_credit_masked_is_told_the_class_and_nothing_more(keeper_: Any, supervisor_: Any) -> None:
    customer = firm()
    made = actions.draft_report(customer, draft(), by=keeper_)
    actions.submit_report(made, by=keeper_)
    actions.decide_report(made, "approved", by=supervisor_)
    agent = secure.viewer_of(hire("agent"))
    records = customers.record_ids_of(customer)
    (seen,) = queries.reports_of(agent, records)
    assert (seen.band, seen.grade, seen.limit_cents, seen.public_id, seen.sections) == ("A", "", None, "", {})
    assert queries.report(agent, made) is None and queries.reports(agent, "force").rows == ()
    standing = queries.standing(agent, customer)
    assert standing is not None and (standing.band, standing.report, standing.owed_cents) == ("A", None, None)
    assert queries.standing(secure.viewer_of(hire("operator")), customer) is None


def test_a_report_out_of_scope_does_not_exist(keeper_: Any) -> None:
    made = actions.draft_report(firm(), draft(), by=keeper_)
    manager = secure.viewer_of(hire("account_manager"))
    assert queries.report(manager, made) is None
    with pytest.raises(ReportRefused, match="unknown"):
        actions.submit_report(made, by=manager)
    CustomerCard.objects.update(owner_staff_id=manager.staff_id)
    assert queries.report(manager, made) is not None


def test_lists_show_what_waits_what_holds_and_what_ends(keeper_: Any, supervisor_: Any) -> None:
    for n in range(3):
        made = actions.draft_report(firm(f"店{n}"), draft(valid_until=dt.date(2026, 7, 20 + n)), by=keeper_)
        actions.submit_report(made, by=keeper_)
        if n:
            actions.decide_report(made, "approved", by=supervisor_)
    far = actions.draft_report(firm("远"), draft(), by=keeper_)
    assert queries.waiting_count(supervisor_) == 1 and queries.waiting_count(keeper_) == 0
    assert len(queries.reports(BY, "waiting").rows) == 1
    first = queries.reports(BY, "ending", limit=1)
    second = queries.reports(BY, "ending", after=first.next_key, limit=1)
    assert [r.valid_until.day for r in (*first.rows, *second.rows) if r.valid_until] == [21, 22]
    assert [r.public_id for r in queries.reports(BY, "draft").rows] == [far]
    actions.withdraw_report(far, by=keeper_)
    assert [r.public_id for r in queries.reports(BY, "over").rows] == [far]


def test_credit_that_ends_becomes_a_task_until_a_newer_report_waits(keeper_: Any, supervisor_: Any) -> None:
    customer = firm()
    made = actions.draft_report(customer, draft(valid_until=dt.date(2026, 7, 20)), by=keeper_)
    actions.submit_report(made, by=keeper_)
    actions.decide_report(made, "approved", by=supervisor_)
    assert actions.offer_reviews() == 1
    task = Task.objects.get(kind="credit_review", state="open")
    assert (task.why_code, task.why_params) == ("ending", {"days": 19})
    later = clock.now() + dt.timedelta(minutes=1)
    with clock.freeze(later):
        newer = actions.draft_report(customer, replace(draft()), by=keeper_)
        actions.submit_report(newer, by=keeper_)
        assert actions.offer_reviews() == 0

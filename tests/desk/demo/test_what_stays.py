"""When the demo shop goes, what its staff made goes with it; what real members of staff made, or stand on, stays."""

from typing import Any

import pytest
from django.utils import timezone

from tests.cast import hire
from tests.desk.demo.test_demo_shop import everything, remove_all, rows
from tests.desk.ground import Person, lay_ground, record, source
from zhike.clean.actions import forgetting_staff, funnel_rules, funnel_runs, verification
from zhike.clean.models import QualificationRule, VerificationRule
from zhike.clean.queries import funnel
from zhike.customers.actions import segments as draw
from zhike.customers.queries.segments import segments
from zhike.desk.demo import accounts, letters, market, staff_work
from zhike.kit import jobs
from zhike.reach import actions as reach
from zhike.reach.models import Message
from zhike.reach.queries import templates
from zhike.secure import queries as secure
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.secure.records import Viewer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True, databases=["default", "keyring"])]

POTENTIAL = {"all": [{"on": "stage", "is": "any_of", "value": ["potential"]}]}
WORDS = {"en": {"subject": "Thanks", "body": "Thank you."}}


@pytest.fixture(autouse=True)
def ground(transactional_db: Any) -> None:
    lay_ground()


@pytest.fixture
def real() -> Viewer:
    """A supervisor who is no part of the demo."""
    return secure.viewer_of_staff(hire("supervisor").pk)


def segment(name: str, by: Viewer) -> str:
    """The public id of a segment by its name."""
    return next(one.public_id for one in segments(by) if one.name == name)


def demo_staff() -> dict[str, int]:
    """The accounts, without a shop."""
    return {role: login.staff_id for role, login in accounts.make(by=BY).items()}


def rule(name: str, segment: str) -> dict[str, str]:
    """A rule of the funnel as a form gives it."""
    return {"name": name, "segment": segment, "from_stage": "potential", "to_stage": "target", "mode": "propose"}


def test_come_twice_and_gone_twice_it_leaves_each_time_what_a_real_member_made_beside_it(real: Viewer) -> None:
    mine, _ = draw.make_segment("Mine", {"version": 1, "rule": POTENTIAL}, by=real)
    reach.make_template("发货通知", "service", WORDS, by=real)
    funnel_rules.keep_rule(rule("Mine", mine), by=real)
    funnel_rules.keep_market_segment({"name": "日常口粮茶", "segment": mine}, by=real)
    verification.set_rule(verification.Rule(who="recent", field="phone", most=3), by=real)
    before = rows()
    for _time in range(2):
        everything(20)
        there = rows()
        assert there["reach_template"] == 3 and there["clean_marketsegment"] == 5
        assert there["clean_qualificationrule"] == 3 and there["clean_verificationrule"] == 2
        remove_all()
        assert rows() == before
    assert [t.name for t in templates(real)] == ["发货通知"]
    assert [r.name for r in funnel.rules()] == ["Mine"]
    assert VerificationRule.objects.get().most == 3


def test_a_segment_of_the_demo_that_a_real_rule_or_line_stands_on_stays_with_what_it_stands_on(real: Viewer) -> None:
    made = staff_work.draw_segments(demo_staff())
    giver, away = made[staff_work.GIVERS], made[staff_work.AWAY]
    inner = {"version": 1, "rule": {"all": [{"on": "segment", "is": "in", "value": away}]}}
    outer, _ = draw.make_segment("Those away", inner, by=real, sharing="all")
    funnel_rules.keep_rule(rule("Mine", outer), by=real)
    funnel_rules.keep_market_segment({"name": "Gifts", "segment": giver}, by=real)
    accounts.remove(by=BY)
    assert {one.public_id for one in segments(BY)} == {giver, away, outer}


def test_a_template_somebody_real_wrote_on_stays(real: Viewer) -> None:
    letters.write_letters(demo_staff())
    kept = next(t for t in templates(real) if t.purpose == "service")
    reach.change_template(kept.public_id, "Ours now", WORDS, by=real)
    accounts.remove(by=BY)
    assert [(t.name, t.number) for t in templates(real)] == [("Ours now", 2)]


def test_a_template_in_whose_words_a_real_customer_was_written_to_stays_readable(real: Viewer) -> None:
    letters.write_letters(demo_staff())
    (customer,) = record(source(), Person("real-1", {"name": "沈知秋", "email": "shen@example.cn"}))
    service = next(t for t in templates(real) if t.purpose == "service")
    facts = {"order": "1", "parcel": "2"}
    reach.send(to=customer, purpose="service", template=service.public_id, key="k", facts=facts, by=real)
    remove_all()
    assert [t.public_id for t in templates(real)] == [service.public_id]
    assert Message.objects.get().version.texts == service.texts


def test_a_rule_of_the_demo_that_moved_a_real_customer_is_put_away_and_still_named(real: Viewer) -> None:
    staff = demo_staff()
    market.qualify(staff, staff_work.draw_segments(staff))
    record(source(), Person("real-1", {"name": "沈知秋"}))
    everybody, _ = draw.make_segment("Everybody", {"version": 1, "rule": POTENTIAL}, by=real, sharing="all")
    operator = secure.viewer_of_staff(staff["operator"])
    moving = funnel_rules.keep_rule(rule("All are targets", everybody), by=operator)
    jobs.run_pending()
    run = funnel_runs.ask_run(by=real, rule_public_id=moving)
    jobs.run_pending()
    funnel_runs.carry_out(run, by=real)
    jobs.run_pending()
    accounts.remove(by=BY)
    left = QualificationRule.objects.get()
    assert left.name == "All are targets" and left.archived_at is not None and left.archived_at <= timezone.now()
    assert funnel.rule_names([left.id]) == {left.id: "All are targets"}
    found = funnel.run(run)
    assert found is not None and found.moved_count == 1


def test_nobody_without_the_right_to_manage_the_demo_makes_its_work_forgotten(real: Viewer) -> None:
    for forget in (forgetting_staff.forget_rules_of, reach.forget_templates_of):
        with pytest.raises(Forbidden):
            forget([1], by=real)

"""Who is in charge: deputies, key customers, hand-overs, reviews, the consultation log."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.cast import hire, signed_in
from zhike.clean.actions import file_rules
from zhike.customers import actions as customers
from zhike.customers.models import Customer
from zhike.customers.queries import charge
from zhike.desk.actions import handing
from zhike.desk.actions.bulk import BulkRefused, undo_bulk
from zhike.kit import clock, jobs
from zhike.secure import access_notes
from zhike.secure import queries as secure
from zhike.secure.models import AccessNote, Staff
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR
from zhike.work import actions as work_do
from zhike.work import queries as work
from zhike.work.models import Task

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
BY = LOCAL_OPERATOR


@pytest.fixture(autouse=True)
def _clean_notes():
    access_notes._held.clear()
    access_notes._last.clear()


def people(*names):
    return [customers.add_customer("person", {"name": name}, by=BY) for name in names]


def address(customer_id):
    return Customer.objects.get(pk=customer_id).public_id


def owner_of(customer_id):
    return customers_line(customer_id).owner_staff_id


def customers_line(customer_id):
    from zhike.customers.queries import lines

    return lines(BY, [customer_id])[customer_id]


def test_every_change_of_owner_is_kept_whoever_makes_it():
    (who,) = people("老客户")
    first, second = hire("agent"), hire("account_manager")
    customers.set_owner([who], first.pk, by=BY)
    moved = customers.set_owner([who], second.pk, by=BY)
    customers.put_back("owner_staff_id", moved, left=second.pk, by=BY)
    told = charge.charge_of(who).changes
    assert [(c.before, c.after) for c in told][:3] == [(second.pk, first.pk), (first.pk, second.pk), (None, first.pk)]


def test_a_file_has_one_deputy_who_is_not_its_owner():
    (who,) = people("王太太")
    owner, deputy = hire("agent"), hire("supervisor")
    with pytest.raises(customers.ChargeRefused) as refused:
        customers.set_deputy(who, deputy.pk, by=BY)
    assert refused.value.code == "no_owner"
    customers.set_owner([who], owner.pk, by=BY)
    with pytest.raises(customers.ChargeRefused) as refused:
        customers.set_deputy(who, owner.pk, by=BY)
    assert refused.value.code == "owner_is_deputy"
    customers.set_deputy(who, deputy.pk, by=BY)
    assert charge.charge_of(who).deputy_staff_id == deputy.pk
    customers.set_deputy(who, None, by=BY)
    assert charge.charge_of(who).deputy_staff_id is None


def test_all_files_of_somebody_who_left_are_handed_over_by_a_job_and_taken_back():
    leaver, heir, other = hire("agent"), hire("supervisor"), hire("operator")
    mine, elses = people(*(f"客户{n}" for n in range(60))), people("别人的")
    customers.set_owner(mine, leaver.pk, by=BY)
    customers.set_owner(elses, other.pk, by=BY)
    for about, owner in ((mine[0], leaver.pk), (mine[1], other.pk), (mine[2], leaver.pk)):
        work_do.open_task("gone_quiet", about_kind="customer", about_id=about, why_code="x", owner_staff_id=owner)
    Staff.objects.filter(pk=leaver.pk).update(is_active=False)
    by = secure.viewer_of(hire("owner"))
    row, act = handing.hand_over(heir.pk, from_staff_id=leaver.pk, checklist={"tasks": True}, note="离职", by=by)
    jobs.run_pending()
    assert {owner_of(c) for c in mine} == {heir.pk}
    assert owner_of(elses[0]) == other.pk
    assert row.checklist["tasks"] is True
    assert row.checklist["promises"] is False
    # Open tasks go along where they were the owner's; what a colleague does about the customer stays with them.
    assert owners_of_tasks(mine) == {mine[0]: heir.pk, mine[1]: other.pk, mine[2]: heir.pk}
    Task.objects.filter(about_id=mine[2]).update(owner_staff_id=other.pk)  # given on meanwhile: left where it is
    undo_bulk(act.public_id, by=by)
    jobs.run_pending()
    assert {owner_of(c) for c in mine} == {leaver.pk}
    assert owners_of_tasks(mine) == {mine[0]: leaver.pk, mine[1]: other.pk, mine[2]: other.pk}


def test_tasks_laid_about_a_file_before_it_was_merged_are_handed_over_with_it_and_come_back():
    leaver, heir = hire("agent"), hire("supervisor")
    kept, absorbed = people("王太太", "王女士")
    customers.set_owner([kept, absorbed], leaver.pk, by=BY)
    for about in (kept, absorbed):
        work_do.open_task("gone_quiet", about_kind="customer", about_id=about, why_code="x", owner_staff_id=leaver.pk)
    merge = customers.merge_customers(absorbed_id=absorbed, survivor_id=kept, why="by_hand", by=BY)
    by = secure.viewer_of(hire("owner"))
    _row, act = handing.hand_over(heir.pk, ids=[kept], checklist={}, note="", by=by)
    assert owners_of_tasks([kept, absorbed]) == {kept: heir.pk, absorbed: heir.pk}
    customers.unmerge(merge.merge_id, by=BY)  # taken apart meanwhile: what went along comes back all the same
    undo_bulk(act.public_id, by=by)
    jobs.run_pending()
    assert owners_of_tasks([kept, absorbed]) == {kept: leaver.pk, absorbed: leaver.pk}


def owners_of_tasks(customer_ids):
    return dict(Task.objects.filter(about_id__in=customer_ids).values_list("about_id", "owner_staff_id"))


def test_a_hand_over_needs_its_right_and_somebody_else_to_go_to():
    (who,) = people("某客户")
    owner, agent = hire("owner"), hire("agent")
    with pytest.raises(Forbidden):
        handing.hand_over(owner.pk, ids=[who], by=secure.viewer_of(agent))
    with pytest.raises(BulkRefused):
        handing.hand_over(-1, ids=[who], by=secure.viewer_of(owner))
    with pytest.raises(BulkRefused):
        handing.hand_over(agent.pk, from_staff_id=agent.pk, by=secure.viewer_of(owner))


def test_key_customers_are_due_sooner_and_a_review_is_noted_on_the_file():
    key, plain = people("重点", "普通")
    customers.set_key([key], True, by=BY)
    file_rules.change_file_rules(file_rules.FileRules(key_days=90, other_days=365), by=BY)
    with clock.freeze(clock.now() + dt.timedelta(days=91)):
        assert file_rules.offer_reviews() == 1
        (task,) = work.tasks_about(BY, "customer", key)
        assert (task.kind, task.why_code) == ("file_review", "key_review")
        work_do.finish_task(task.public_id, "updated", by=BY)
        assert charge.charge_of(key).reviews[0][0] == "updated"
        assert file_rules.offer_reviews() == 0
        assert work.tasks_about(BY, "customer", plain) == []
    with clock.freeze(clock.now() + dt.timedelta(days=366)):
        assert file_rules.offer_reviews() == 2


def test_a_rule_makes_key_customers_and_leaves_those_made_by_hand_alone(monkeypatch):
    by_rule, by_hand = people("榜上有名", "老板的朋友")
    customers.set_key([by_hand], True, by=BY)
    customers.set_key([by_rule], True, by=BY, why="rule")
    customers.set_key([by_hand], True, by=BY, why="rule")
    assert charge.charge_of(by_hand).key_by == "hand"
    assert file_rules.mark_key_customers() == 1  # no segment chosen: marks by rule go
    assert charge.charge_of(by_rule).key_by == ""
    assert charge.charge_of(by_hand).key_by == "hand"


def test_key_customers_need_fuller_files():
    from zhike.clean.quality.checking import Checker
    from zhike.clean.quality.rules import rules_in_force
    from zhike.customers.queries import whole_files_of

    key, plain = people("重点", "普通")
    customers.set_key([key], True, by=BY)
    checker = Checker(rules_in_force(), clock.now().date())
    asked = {f.customer_id: set(checker.check(f).bits) for f in whole_files_of([key, plain])}
    assert {"interests", "preferred_hours"} <= asked[key] - asked[plain]


def test_looking_at_a_file_writes_nothing_and_is_told_all_the_same():
    (who,) = people("被看的")
    agent, owner = hire("agent"), hire("owner")
    signed_in(agent).get(
        reverse("desk:file", args=[address(who)]), headers={"Referer": "http://testserver/search/?q=x"}
    )
    signed_in(agent).get(reverse("desk:file", args=[address(who)]))  # the same look within five minutes
    assert AccessNote.objects.count() == 0
    (look,) = secure.looks(about=("customer", who))
    assert (look.staff_id, look.came_from) == (agent.pk, "search")
    assert access_notes.flush() == 1
    assert access_notes.flush() == 0
    (look,) = secure.looks(about=("customer", who))
    assert look.id
    page = signed_in(owner).get(reverse("desk:access", args=[address(who)]))
    assert agent.display_name in page.content.decode()
    assert signed_in(agent).get(reverse("desk:access", args=[address(who)])).status_code == 403
    customers.set_owner([who], agent.pk, by=BY)
    assert signed_in(agent).get(reverse("desk:access", args=[address(who)])).status_code == 200


def test_notes_of_looks_go_after_a_year():
    access_notes.note_access(secure.viewer_of(hire("agent")), "customer", 7)
    access_notes.flush()
    assert access_notes.sweep() == 0
    with clock.freeze(clock.now() + dt.timedelta(days=366)):
        assert access_notes.sweep() == 1


def test_customers_without_an_owner_are_counted_and_listed(as_owner):
    people("没人管的")
    page = as_owner.get(reverse("desk:charge"))
    assert "owner=0" in page.content.decode()


def test_the_forms_of_the_pane_name_a_deputy_and_a_key_customer(as_owner):
    (who,) = people("张三")
    agent, supervisor = hire("agent"), hire("supervisor")
    customers.set_owner([who], agent.pk, by=BY)
    change = reverse("desk:charge_change", args=[address(who)])
    as_owner.post(change, {"deputy": supervisor.pk})
    as_owner.post(change, {"key": "1"})
    told = charge.charge_of(who)
    assert (told.deputy_staff_id, told.key_by) == (supervisor.pk, "hand")
    page = as_owner.post(reverse("desk:hand"), {"customer": address(who), "to": supervisor.pk, "ticked": ["tasks"]})
    assert page.status_code == 302
    assert owner_of(who) == supervisor.pk
    assert (
        as_owner.post(
            reverse("desk:charge_rules"), {"key_days": "30", "other_days": "x", "key_segment": ""}
        ).status_code
        == 302
    )
    assert file_rules.file_rules().key_days == 90
    as_owner.post(reverse("desk:charge_rules"), {"key_days": "30", "other_days": "0", "key_segment": ""})
    assert file_rules.file_rules().key_days == 30

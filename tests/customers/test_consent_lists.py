"""Consent as something lists are sifted by: over the merged group, the most restrictive answer first, lapsed ones apart."""

import datetime as dt

import pytest

from tests.customers.test_consents import BY, NOW, merge, notice, person, unmerge
from zhike.customers import actions, queries
from zhike.customers.jobs import look_for_lapsed
from zhike.customers.records import RegisterFilter
from zhike.kit import clock, jobs
from zhike.secure import consents, subjects
from zhike.secure.models import Consent, ConsentState
from zhike.secure.permissions import Forbidden
from zhike.secure.records import Rights, Viewer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _frozen():
    with clock.freeze(NOW):
        yield


def listed(state, purpose="marketing_mail", by=BY):
    page = queries.register(by, RegisterFilter(consent=f"{purpose}={state}"), limit=50)
    return {row.customer_id for row in page.rows}


def test_the_register_sifts_by_what_holds_over_the_whole_group():
    yes, no, never, other, words = person("甲"), person("乙"), person("丙"), person("丁"), notice()
    actions.give_consent(yes, "marketing_mail", way="phone", notice_id=words, by=BY)
    actions.withdraw_consent(no, "marketing_mail", way="phone", by=BY)
    actions.give_consent(other, "marketing_mail", way="phone", notice_id=words, by=BY)
    assert (listed("given"), listed("withdrawn"), listed("unknown")) == ({yes, other}, {no}, {never})
    merge(no, other)
    assert (listed("given"), listed("withdrawn")) == ({yes}, {other})
    unmerge(no)
    assert (listed("given"), listed("withdrawn")) == ({yes, other}, {no})
    assert listed("unknown", "profiling") == {yes, no, never, other}


def test_a_consent_whose_time_is_over_is_listed_as_lapsed():
    brief, words = person(), notice()
    until = NOW + dt.timedelta(days=2)
    actions.give_consent(brief, "marketing_mail", way="phone", notice_id=words, until=until, by=BY)
    with clock.freeze(until - dt.timedelta(seconds=1)):
        look_for_lapsed()
        assert listed("given") == {brief} and not consents.is_lapse_due()
    with clock.freeze(until):
        assert (listed("given"), listed("lapsed"), listed("unknown")) == (
            set(),
            {brief},
            set(),
        )  # at once, noted or not
        assert next(r for r in consents.report() if r.purpose.code == "marketing_mail").given == 0
        look_for_lapsed()
        jobs.run_pending()
        assert ConsentState.objects.get().answer == "lapsed"
        assert (listed("given"), listed("lapsed"), listed("unknown")) == (set(), {brief}, set())
        actions.give_consent(brief, "marketing_mail", way="phone", notice_id=words, by=BY)
        assert listed("given") == {brief}


def test_a_notice_that_asks_anew_lets_earlier_consents_lapse_in_lists():
    first, words = person(), notice()
    actions.give_consent(first, "marketing_mail", way="phone", notice_id=words, by=BY)
    second, newer = person("李四"), notice(asks_anew=True)
    actions.give_consent(second, "marketing_mail", way="phone", notice_id=newer, by=BY)
    assert (listed("given"), listed("lapsed")) == ({second}, {first})
    jobs.run_pending()
    assert (listed("given"), listed("lapsed")) == ({second}, {first})
    assert set(ConsentState.objects.values_list("answer", flat=True)) == {"given", "lapsed"}


def test_whoever_may_not_see_consents_sifts_nobody_by_them():
    who = person()
    actions.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
    rules = {"class:internal": Rights("shown")}
    blind = Viewer(7, "no consents", permissions=frozenset({"customers.view"}), scope="all", rules=rules)
    sees = Viewer(8, "sees", permissions=frozenset({"customers.view", "consents.view"}), scope="all", rules=rules)
    assert (listed("withdrawn", by=blind), listed("withdrawn", by=sees)) == (set(), {who})
    with pytest.raises(Forbidden):
        queries.consents_of(blind, who)


def test_answers_stay_as_proof_for_three_years_after_another_took_their_place():
    who, words = person(), notice()
    actions.give_consent(who, "marketing_mail", way="phone", notice_id=words, by=BY)
    with clock.freeze(NOW + dt.timedelta(days=10)):
        actions.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
    for days, left in ((3 * 366, 2), (3 * 366 + 11, 1), (20 * 366, 1)):
        with clock.freeze(NOW + dt.timedelta(days=days)):
            consents.sweep()
            assert Consent.objects.count() == left
            assert queries.consent_for(who, "marketing_mail").state == "withdrawn"


def test_answers_of_somebody_erased_stay_as_proof_for_three_years_and_then_go():
    who = person()
    actions.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
    subjects.bury("customer", who, "request")
    for days, left in ((3 * 366 - 1, 1), (3 * 366 + 1, 0)):
        with clock.freeze(NOW + dt.timedelta(days=days)):
            consents.sweep()
            assert (Consent.objects.count(), ConsentState.objects.count()) == (left, left)

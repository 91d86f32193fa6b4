"""Values verified: states as a pure function, findings that hold for the value, and cards that follow the rules."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import hire
from tests.desk import ground
from tests.desk.ground import Person
from zhike.customers import actions, queries
from zhike.customers.actions.erasure import erase_customer
from zhike.customers.models import CustomerCard, Verification, VerifiedStatement
from zhike.customers.survivorship import LiveVersion, Verdict, contenders, golden, rank
from zhike.customers.verifying import STATES, contradicts, value_states
from zhike.kit import clock, jobs
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

OLD, NEW = "13800000001", "13900000002"
AT = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)

# -- the pure function

moments = st.integers(0, 6).map(lambda n: AT + dt.timedelta(days=n))
verdicts = st.one_of(st.none(), st.builds(Verdict, st.booleans(), moments))


@st.composite
def files(draw):
    """Live versions of one file: sources of three platforms and the house; equal values carry equal verdicts."""
    found = {value: draw(verdicts) for value in ("a", "b", "c")}
    versions = []
    for number in range(draw(st.integers(0, 7))):
        source = draw(st.integers(1, 5))
        value = draw(st.sampled_from(["a", "b", "c", None]))
        facts = {"city": value} | ({"_weak": ["city"]} if draw(st.booleans()) else {})
        own = {"city": found[value]} if value and found[value] else {}
        versions.append(
            LiveVersion(
                number,
                number,
                source,
                draw(st.integers(1, 5)),
                source == 5,
                draw(moments),
                facts,
                own,
                "house" if source == 5 else ("taobao", "taobao", "jd", "")[source - 1],
            )
        )
    return versions


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_a_value_found_wrong_is_never_shown(versions):
    won = golden(versions).get("city")
    if won:
        shown = next(v for v in versions if v.id == won[0])
        assert "city" not in shown.verdicts or shown.verdicts["city"].is_right


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_the_value_shown_is_the_first_state_and_the_contender_that_won(versions):
    won, states = golden(versions).get("city"), value_states(versions, "city")
    told = contenders(versions, "city")
    if won:
        assert any(v.id == won[0] for v in states[0].versions)
        assert told[0] == (told[0][0], "won") and told[0][0].id == won[0]
    elif told and told[0][1] == "won":
        assert told[0][0].facts["city"] is None, "the house cleared it"
    assert all(
        why in {"won", "refuted", "verified", "house", "own", "trust", "older", "same", "tie"} for _, why in told
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files(), st.randoms())
def test_the_order_in_which_versions_come_tells_nothing(versions, chance):
    mixed = list(versions)
    chance.shuffle(mixed)
    assert golden(mixed) == golden(versions)
    said = [[(s.key, s.state, s.origin_count) for s in value_states(vs, "city")] for vs in (versions, mixed)]
    assert said[0] == said[1]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_states_part_the_versions_and_count_origins_not_copies(versions):
    states = value_states(versions, "city")
    assert sum(len(s.versions) for s in states) == sum(v.facts["city"] is not None for v in versions)
    for s in states:
        own = {v.origin or v.source_id for v in s.versions if "_weak" not in v.facts}
        assert s.state in STATES and s.origin_count == len(own)
        if s.verdict is None:
            assert (s.state == "corroborated") == (len(own) >= 2)
        else:
            assert s.state == ("confirmed" if s.verdict.is_right else "refuted")


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(files())
def test_nothing_contradicts_what_our_staff_decided(versions):
    disagreeing = contradicts(versions, "city")
    decided = any(rank(v, "city")[0] == 2 and v.facts["city"] and "_weak" not in v.facts for v in versions)
    assert not (decided and disagreeing)
    assert len(disagreeing) != 1
    assert len({s.key for s in disagreeing}) == len(disagreeing)


# -- findings on a file


@pytest.fixture
def two_sources(db):
    """One person two shops tell of, with an old and a new phone; joined by the same e-mail."""
    ground.lay_ground()
    mail = "wang@example.com"
    (one,) = ground.record(ground.source("taobao"), Person("a", {"name": "王小明", "phone": OLD, "email": mail}))
    later = AT + dt.timedelta(days=9)
    (two,) = ground.record(
        ground.source("jd"), Person("b", {"name": "王小明", "phone": NEW, "email": mail}, later), run_id=2
    )
    assert one == two
    return one


def owner():
    return secure.viewer_of(hire("owner"))


def versions_of(customer_id):
    """{tail: version} of the phone's values, as a page shows them."""
    values, mark = queries.checked_values(LOCAL_OPERATOR, customer_id, "phone")
    return {v.text[-4:]: v for v in values}, mark


def shown(customer_id):
    value = queries.field_value(LOCAL_OPERATOR, customer_id, "phone")
    assert queries.disagreement(customer_id) == {}
    return value.text[-4:] if value.is_known else ""


def test_a_value_found_right_stands_above_a_newer_one(two_sources):
    values, mark = versions_of(two_sources)
    assert shown(two_sources) == NEW[-4:]
    actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="call", seen=mark, by=owner())
    assert shown(two_sources) == OLD[-4:]
    values, _ = versions_of(two_sources)
    assert (values[OLD[-4:]].state, values[NEW[-4:]].state) == ("confirmed", "format_valid")
    whys = {c.text[-4:]: c.why for c in queries.why(LOCAL_OPERATOR, two_sources, "phone")}
    assert whys == {OLD[-4:]: "won", NEW[-4:]: "verified"}
    assert CustomerCard.objects.get(pk=two_sources).phone_state == "confirmed"
    assert AuditEvent.objects.get(action="value.verified").detail == {"right": 1, "wrong": 0, "way": "call"}


def test_a_value_found_wrong_never_stands_again_whoever_says_it(two_sources):
    values, _ = versions_of(two_sources)
    found = {values[NEW[-4:]].version_id: False}
    actions.verify_value(two_sources, "phone", found, way="call", by=owner())
    assert shown(two_sources) == OLD[-4:]
    later = AT + dt.timedelta(days=99)
    ground.record(ground.source("youzan", 5), Person("c", {"email": "wang@example.com", "phone": NEW}, later), run_id=3)
    assert shown(two_sources) == OLD[-4:]
    values, _ = versions_of(two_sources)
    actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: False}, way="call", by=owner())
    assert shown(two_sources) == ""
    card = CustomerCard.objects.get(pk=two_sources)
    assert (card.has_phone, card.phone_state) == (False, "")


def test_the_right_value_told_on_the_call_is_entered_and_found_right(two_sources):
    values, _ = versions_of(two_sources)
    wrong = {v.version_id: False for v in values.values()}
    actions.verify_value(two_sources, "phone", wrong, new_text="13700000003", way="call", by=owner())
    assert shown(two_sources) == "0003"
    values, _ = versions_of(two_sources)
    assert values["0003"].state == "confirmed" and values["0003"].is_house
    told = VerifiedStatement.objects.values_list("source_id", flat=True)
    assert len(told) == 2, "the value entered on the call speaks for no source"
    with pytest.raises(actions.VerifyRefused, match="same_as_wrong"):
        actions.verify_value(
            two_sources, "phone", {values["0003"].version_id: False}, new_text="13700000003", way="call", by=owner()
        )


def test_of_two_clerks_the_slower_is_told_that_it_changed(two_sources):
    values, mark = versions_of(two_sources)
    first, second = (v.version_id for v in values.values())
    actions.verify_value(two_sources, "phone", {first: True}, way="call", seen=mark, by=owner())
    with pytest.raises(actions.VerifyRefused, match="changed"):
        actions.verify_value(two_sources, "phone", {second: True}, way="call", seen=mark, by=owner())
    assert Verification.objects.count() == 1
    with pytest.raises(actions.VerifyRefused, match="changed"):
        actions.verify_value(two_sources, "phone", {999: True}, way="call", by=owner())


def test_a_finding_survives_the_undoing_of_the_import_that_said_the_value(two_sources):
    values, _ = versions_of(two_sources)
    actions.verify_value(two_sources, "phone", {values[NEW[-4:]].version_id: True}, way="code", by=owner())
    for _ in actions.withdraw_run(2):
        pass
    assert shown(two_sources) == OLD[-4:]
    ground.record(ground.source("shopify"), Person("d", {"email": "wang@example.com", "phone": NEW}, AT), run_id=4)
    assert shown(two_sources) == NEW[-4:], "said again, it is known to be right"


def test_a_finding_taken_back_weighs_nothing_and_the_card_follows(two_sources):
    values, _ = versions_of(two_sources)
    (act,) = actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="visit", by=owner())
    actions.withdraw_verification(act, by=owner())
    assert shown(two_sources) == NEW[-4:]
    assert [a.is_withdrawn for a in queries.verification_acts(LOCAL_OPERATOR, two_sources)] == [True]
    with pytest.raises(actions.VerifyRefused, match="unknown"):
        actions.withdraw_verification(act, by=owner())


def test_an_entry_by_staff_after_a_finding_stands_above_it(two_sources):
    values, _ = versions_of(two_sources)
    actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="call", by=owner())
    with clock.freeze(clock.now() + dt.timedelta(hours=1)):
        actions.edit_field(two_sources, "phone", "13600000004", by=owner())
    assert shown(two_sources) == "0004"
    with clock.freeze(clock.now() + dt.timedelta(hours=2)):
        actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="call", by=owner())
    assert shown(two_sources) == OLD[-4:]


def test_shops_of_one_platform_corroborate_nothing_for_each_other(db):
    ground.lay_ground()
    mail = {"email": "li@example.com", "phone": OLD}
    made = []
    for number, (code, platform) in enumerate([("t1", "taobao"), ("t2", "taobao"), ("j1", "jd")], 1):
        source = actions.add_source(
            code=code,
            name=code,
            channel_kind="online_shop",
            legal_basis="contract",
            platform=platform,
            by=LOCAL_OPERATOR,
        )
        (customer,) = ground.record(source.id, Person(f"p{number}", mail), run_id=number)
        values, _ = queries.checked_values(LOCAL_OPERATOR, customer, "phone")
        made.append((values[0].state, values[0].origin_count, CustomerCard.objects.get(pk=customer).phone_state))
    assert made == [("format_valid", 1, "format_valid")] * 2 + [("corroborated", 2, "corroborated")]


def test_sources_that_disagree_are_found_until_somebody_decides(two_sources):
    ((found),) = queries.contradictions([two_sources], ["phone", "name", "email"])
    assert (found.field, found.value_count, found.origin_count) == ("phone", 2, 2)
    assert queries.touched_by_run(2) == [two_sources] and queries.touched_by_run(2, after=two_sources) == []
    values, _ = versions_of(two_sources)
    actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="call", by=owner())
    assert queries.contradictions([two_sources], ["phone"]) == []


def test_cards_of_older_rules_are_derived_anew_once(two_sources):
    CustomerCard.objects.update(phone_state="", name="旧规则")
    jobs.enqueue("customers.derive_all")
    jobs.run_pending()
    card = CustomerCard.objects.get(pk=two_sources)
    assert (card.phone_state, card.name) == ("format_valid", "王小明")
    CustomerCard.objects.update(name="改过")
    jobs.enqueue("customers.derive_all")
    jobs.run_pending()
    assert CustomerCard.objects.get(pk=two_sources).name == "改过", "the rules did not change"


def test_only_who_may_verifies_and_only_what_they_may_know_of(two_sources):
    values, _ = versions_of(two_sources)
    found = {values[OLD[-4:]].version_id: True}
    for role in ("analyst", "operator", "officer"):
        with pytest.raises(Forbidden):
            actions.verify_value(two_sources, "phone", found, way="call", by=secure.viewer_of(hire(role)))
    with pytest.raises(actions.CustomerUnknown):
        actions.verify_value(two_sources, "phone", found, way="call", by=secure.viewer_of(hire("account_manager")))
    with pytest.raises(actions.VerifyRefused, match="way"):
        actions.verify_value(two_sources, "phone", found, way="guess", by=owner())
    with pytest.raises(actions.VerifyRefused, match="nothing"):
        actions.verify_value(two_sources, "phone", {}, way="call", by=owner())
    assert queries.checked_values(secure.viewer_of(hire("analyst")), two_sources, "phone") == ([], "")


def test_nothing_is_left_of_findings_about_an_erased_person(two_sources):
    values, _ = versions_of(two_sources)
    actions.verify_value(two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="call", by=owner())
    erase_customer(two_sources)
    assert (Verification.objects.count(), VerifiedStatement.objects.count()) == (0, 0)
    assert queries.checked_values(LOCAL_OPERATOR, two_sources, "phone")[0] == []


def test_an_empty_value_cannot_be_verified_and_a_note_keeps_no_phone(two_sources):
    with pytest.raises(actions.VerifyRefused, match="changed"):
        actions.verify_value(two_sources, "wechat", {1: True}, way="call", by=owner())
    values, _ = versions_of(two_sources)
    actions.verify_value(
        two_sources, "phone", {values[OLD[-4:]].version_id: True}, way="call", note=f"打 {OLD} 问的", by=owner()
    )
    assert OLD not in Verification.objects.get().note

"""Consent over a merged group: withdrawn anywhere holds everywhere, at once, whatever was merged, unmerged or said since."""

import datetime as dt
import os
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.cast import hire
from tests.conftest import ON_POSTGRESQL
from tests.customers.consent_model import World
from zhike.customers import actions, queries
from zhike.customers.brought_consents import BroughtConsent
from zhike.customers.models import Customer
from zhike.kit import clock
from zhike.secure import consents
from zhike.secure.consents import ConsentRefused, NoticeRefused
from zhike.secure.models import AuditEvent, Consent, ConsentState
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR as BY

both = pytest.mark.both_databases
WALKS = max(
    6 if ON_POSTGRESQL else 14, int(os.environ.get("ZHIKE_PROVE_SEQUENCES", "0")) // 3
)  # `make prove` takes more of them
NOW = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
WORDS = {
    "zh-hans": {"title": "营销邮件", "body": "我们会发送新品与优惠。"},
    "en": {"title": "News", "body": "New goods and offers."},
}


def notice(purpose: str = "marketing_mail", **how: Any) -> int:
    texts = {
        lang: {**text, "body": f"{text['body']} {len(consents.notices(purpose)) + 1}"} for lang, text in WORDS.items()
    }
    return consents.make_notice(purpose, texts, by=BY, **how)


def person(name: str = "张三") -> int:
    return actions.add_customer("person", {"name": name, "email": f"{abs(hash(name)) % 10**9}@example.com"}, by=BY)


def merge(absorbed: int, survivor: int) -> None:
    Customer.objects.filter(pk=absorbed).update(merged_into_id=survivor, is_root=False)
    _roots()


def unmerge(absorbed: int) -> None:
    Customer.objects.filter(pk=absorbed).update(merged_into_id=None, is_root=True)
    _roots()


def _roots() -> None:
    into = dict(Customer.objects.values_list("id", "merged_into_id"))
    for one in into:
        root = one
        while into[root] is not None:
            root = into[root]
        Customer.objects.filter(pk=one).update(root_id=root)


def state(customer: int, purpose: str = "marketing_mail") -> str:
    return queries.consent_for(customer, purpose).state


@both
@pytest.mark.django_db
def test_a_purpose_that_needs_consent_is_followed_only_while_it_is_given() -> None:
    who, words = person(), notice()
    assert not queries.consent_for(who, "marketing_mail").is_allowed
    assert queries.consent_for(who, "service").is_allowed
    actions.give_consent(who, "marketing_mail", way="phone", notice_id=words, by=BY)
    assert queries.consent_for(who, "marketing_mail").is_allowed
    actions.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
    assert (state(who), queries.consent_for(who, "marketing_mail").is_allowed) == ("withdrawn", False)
    actions.withdraw_consent(who, "service", way="staff", by=BY)
    assert not queries.consent_for(who, "service").is_allowed  # an objection


@both
@pytest.mark.django_db
def test_a_paper_found_later_does_not_reopen_what_was_withdrawn_after_it() -> None:
    who, words = person(), notice()
    with clock.freeze(NOW):
        actions.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
        earlier = NOW - dt.timedelta(days=400)
        actions.give_consent(who, "marketing_mail", way="paper", notice_id=words, at=earlier, by=BY)
    assert state(who) == "withdrawn"
    assert ConsentState.objects.get().answer == "withdrawn"


@both
@pytest.mark.django_db
def test_a_withdrawal_noted_late_stands_until_the_customer_agrees_after_it_became_known() -> None:
    who, words = person(), notice()
    days = [NOW + dt.timedelta(days=n) for n in range(40)]
    with clock.freeze(days[10]):
        actions.give_consent(who, "marketing_mail", way="form", notice_id=words, by=BY)
    with clock.freeze(days[20]):  # a letter of day 1 is found: the consent of day 10 was given without knowing of it
        actions.withdraw_consent(who, "marketing_mail", way="paper", at=days[1], by=BY)
        assert state(who) == "withdrawn"
        told = queries.consents_of(BY, who).history[0]
        assert (told.answer, told.at, told.stands_from, told.is_noted_later) == ("withdrawn", days[1], days[20], True)
    with clock.freeze(days[25]):
        for at in (days[15], days[19]):
            actions.give_consent(who, "marketing_mail", way="paper", notice_id=words, at=at, by=BY)
        assert state(who) == "withdrawn"  # forms found, all of them older than that day
        actions.give_consent(who, "marketing_mail", way="form", notice_id=words, by=BY)
        assert state(who) == "given"
        assert ConsentState.objects.get().answer == "given"


@both
@pytest.mark.django_db
def test_a_withdrawal_on_one_file_restricts_the_merged_group_and_says_from_which_file() -> None:
    one, other, words = person("甲"), person("乙"), notice()
    actions.give_consent(one, "marketing_mail", way="form", notice_id=words, by=BY)
    actions.withdraw_consent(other, "marketing_mail", way="phone", by=BY)
    assert state(one) == "given"
    merge(other, one)
    line = next(x for x in queries.consents_of(BY, one).lines if x.purpose.code == "marketing_mail")
    number = Customer.objects.get(pk=other).number
    assert (line.standing.state, line.decided_on, line.is_elsewhere) == ("withdrawn", number, True)
    assert line.restricting == ((other, number),)
    actions.give_consent(one, "marketing_mail", way="form", notice_id=words, by=BY)
    assert state(one) == "withdrawn"  # the other file's word still stands
    actions.give_consent(one, "marketing_mail", way="form", notice_id=words, also=[other], by=BY)
    assert state(one) == "given"
    unmerge(other)
    assert (state(one), state(other)) == ("given", "given")


@both
@pytest.mark.django_db
def test_what_was_withdrawn_while_merged_holds_for_both_once_they_are_taken_apart() -> None:
    one, other, words = person("甲"), person("乙"), notice()
    for who in (one, other):
        actions.give_consent(who, "marketing_mail", way="form", notice_id=words, by=BY)
    merge(other, one)
    assert len(actions.withdraw_consent(one, "marketing_mail", way="phone", by=BY)) == 2
    unmerge(other)
    assert (state(one), state(other)) == ("withdrawn", "withdrawn")


@both
@pytest.mark.django_db
def test_a_consent_given_for_a_time_lapses_and_one_to_replaced_words_too() -> None:
    who, words = person(), notice()
    with clock.freeze(NOW):
        until = NOW + dt.timedelta(days=1)
        actions.give_consent(who, "marketing_mail", way="form", notice_id=words, until=until, by=BY)
        assert state(who) == "given"
    with clock.freeze(until):
        assert state(who) == "lapsed"
        actions.give_consent(who, "marketing_mail", way="form", notice_id=words, by=BY)
        assert state(who) == "given"
        notice()
        assert state(who) == "given"
        notice(asks_anew=True)
        assert state(who) == "lapsed"


@both
@pytest.mark.django_db(transaction=True)
def test_the_database_itself_refuses_to_change_an_answer_or_words_that_were_answered_to() -> None:
    who, words = person(), notice()
    consents.change_notice(words, {"en": {"title": "News", "body": "Other words."}}, by=BY)
    actions.give_consent(who, "marketing_mail", way="form", notice_id=words, by=BY)
    with pytest.raises(NoticeRefused):
        consents.change_notice(words, WORDS, by=BY)
    for table, column in (("secure_consent", "answer"), ("secure_notice", "digest")):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = 'x'")
    assert consents.recording.altered() == []
    shown = consents.notice(words)
    assert shown is not None and shown.texts["en"]["body"] == "Other words."


@both
@pytest.mark.django_db(transaction=True)
def test_evidence_lies_sealed_and_is_opened_only_through_the_audited_reveal() -> None:
    who, words = person(), notice()
    told = "手机录音第 7 号，13812340017"
    made = actions.give_consent(
        who, "marketing_mail", way="phone", notice_id=words, proof=actions.Proof(words=told), by=BY
    )
    row = Consent.objects.get(pk=made[0])
    assert "录音".encode() not in bytes(row.evidence) and len(row.evidence_digest) == 32
    opened = actions.reveal_evidence(who, made[0], purpose="complaint", by=BY)
    assert opened.plain() == told
    assert AuditEvent.objects.filter(action="reveal", field="consent_evidence", outcome="ok").count() == 1
    with pytest.raises(ConsentRefused):
        actions.reveal_evidence(person("别人"), made[0], purpose="complaint", by=BY)


@both
@pytest.mark.django_db(transaction=True)
def test_an_erased_person_leaves_the_proof_without_the_words() -> None:
    from zhike.secure import subjects, vault

    who, words = person(), notice()
    made = actions.give_consent(
        who, "marketing_mail", way="phone", notice_id=words, proof=actions.Proof(words="录音"), by=BY
    )
    with transaction.atomic():
        subjects.bury("customer", who, "asked")
    row = Consent.objects.get(pk=made[0])
    assert (row.answer, row.notice_id, len(row.evidence_digest)) == ("given", words, 32)
    with pytest.raises(vault.KeyDestroyed):
        consents.reveal_evidence(row.id, by=BY, purpose="complaint")
    assert consents.recording.altered() == []


@both
@pytest.mark.django_db
def test_answers_that_cannot_be_true_are_refused() -> None:
    who, words = person(), notice()
    later = clock.now() + dt.timedelta(days=1)
    cases: list[tuple[str, dict[str, Any]]] = [
        ("notice", {"way": "form"}),
        ("way", {"way": "pigeon", "notice_id": words}),
        ("future", {"way": "form", "notice_id": words, "at": later}),
        ("until", {"way": "form", "notice_id": words, "until": clock.now() - dt.timedelta(days=1)}),
        ("group", {"way": "form", "notice_id": words, "also": [person("外人")]}),
        ("attachment", {"way": "paper", "notice_id": words, "proof": actions.Proof(attachment="nosuch")}),
    ]
    for code, given in cases:
        with pytest.raises(ConsentRefused) as refusal:
            actions.give_consent(who, "marketing_mail", by=BY, **given)
        assert refusal.value.code == code
    with pytest.raises(ConsentRefused):
        actions.withdraw_consent(who, "nosuch", way="form", by=BY)
    assert Consent.objects.count() == 0


@pytest.mark.django_db
def test_who_may_not_note_consents_or_know_of_the_file_can_do_nothing() -> None:
    from zhike.secure.queries import viewer_of

    who, words = person(), notice()
    with pytest.raises(Forbidden):
        actions.give_consent(who, "marketing_mail", way="form", notice_id=words, by=viewer_of(hire("operator")))
    with pytest.raises(actions.CustomerUnknown):
        actions.withdraw_consent(who, "marketing_mail", way="form", by=viewer_of(hire("account_manager")))
    with pytest.raises(Forbidden):
        consents.make_notice("service", WORDS, by=viewer_of(hire("agent")))


@both
@pytest.mark.django_db
def test_do_not_contact_on_any_file_of_a_group_blocks_all_of_it() -> None:
    one, other = person("甲"), person("乙")
    actions.edit_field(other, "do_not_contact", "是", by=BY)
    assert (queries.is_blocked(one), queries.is_blocked(other)) == (False, True)
    actions.edit_field(one, "do_not_contact", "否", by=BY)
    merge(other, one)
    assert queries.is_blocked(one)
    assert queries.consents_of(BY, one).blocked_on == (Customer.objects.get(pk=other).number,)
    unmerge(other)
    actions.edit_field(other, "do_not_contact", "否", by=BY)
    assert not queries.is_blocked(other)


@both
@pytest.mark.django_db
def test_the_report_counts_people_by_their_newest_answer_and_its_way() -> None:
    words, people = notice(), [person(f"客{n}") for n in range(4)]
    for who, way in zip(people, ("form", "form", "paper", "phone"), strict=True):
        actions.give_consent(who, "marketing_mail", way=way, notice_id=words, by=BY)
    actions.withdraw_consent(people[3], "marketing_mail", way="phone", by=BY)
    told = next(r for r in consents.report() if r.purpose.code == "marketing_mail")
    assert (told.given, told.withdrawn, dict(told.ways)) == (3, 1, {"form": 2, "paper": 1})
    assert (told.withdrawn_lately, told.notice_version) == (1, 1)
    assert [a.subject_id for a in consents.withdrawals("marketing_mail")] == [people[3]]


FILES = 4
PURPOSES = ("marketing_mail", "profiling")


class Consents(RuleBasedStateMachine):
    """Any order of answers, merges and unmerges: the real thing says what the plain model says, for every file."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.world, self.now = World(), NOW
        self.files = [person(f"客{n}") for n in range(FILES)]
        self.notices = {p: [(1, notice(p))] for p in PURPOSES}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(file=st.integers(0, FILES - 1), purpose=st.sampled_from(PURPOSES), ago=st.integers(0, 6),
          days=st.none() | st.integers(1, 5), old=st.booleans(), all_of_them=st.booleans())  # fmt: skip
    def give(self, file: int, purpose: str, ago: int, days: int | None, old: bool, all_of_them: bool) -> None:
        version, words = self.notices[purpose][0 if old else -1]
        at = self.now - dt.timedelta(days=ago)
        until = at + dt.timedelta(days=days) if days else None
        also = self.world.group(file, FILES) if all_of_them else []
        self.world.give(file, also, purpose, at, until, version)
        root = self.files[self.world.root(file)]
        with clock.freeze(self.now):
            actions.give_consent(
                root,
                purpose,
                way="form",
                at=at,
                until=until,
                notice_id=words,
                also=[self.files[a] for a in also],
                by=BY,
            )

    @rule(file=st.integers(0, FILES - 1), purpose=st.sampled_from(PURPOSES), ago=st.integers(0, 6))
    def withdraw(self, file: int, purpose: str, ago: int) -> None:
        at = self.now - dt.timedelta(days=ago)
        self.world.withdraw(file, FILES, purpose, at, self.now)
        with clock.freeze(self.now):
            actions.withdraw_consent(self.files[self.world.root(file)], purpose, way="phone", at=at, by=BY)

    @rule(file=st.integers(0, FILES - 1), purpose=st.sampled_from(PURPOSES), ago=st.integers(0, 6),
          yes=st.booleans(), is_dated=st.booleans())  # fmt: skip
    def a_file_says(self, file: int, purpose: str, ago: int, yes: bool, is_dated: bool) -> None:
        at = self.now - dt.timedelta(days=ago)
        self.world.bring(file, FILES, purpose, yes, at, is_dated, self.now)
        said = BroughtConsent(purpose, "given" if yes else "withdrawn", at, is_dated)
        with clock.freeze(self.now):
            actions.bring_consents([(self.files[file], said)], run_id=1, by=BY)

    @rule(file=st.integers(0, FILES - 1), into=st.integers(0, FILES - 1))
    def join(self, file: int, into: int) -> None:
        file, into = self.world.root(file), self.world.root(into)
        if file != into:
            self.world.into[file] = into
            merge(self.files[file], self.files[into])

    @precondition(lambda self: bool(self.world.into))
    @rule(data=st.data())
    def take_apart(self, data: st.DataObject) -> None:
        file = data.draw(st.sampled_from(sorted(self.world.into)))
        del self.world.into[file]
        unmerge(self.files[file])

    @rule(purpose=st.sampled_from(PURPOSES), asks_anew=st.booleans())
    def rewrite(self, purpose: str, asks_anew: bool) -> None:
        version = self.notices[purpose][-1][0] + 1
        self.notices[purpose].append((version, notice(purpose, asks_anew=asks_anew)))
        if asks_anew:
            self.world.anew[purpose] = version

    @rule(days=st.integers(1, 3))
    def time_passes(self, days: int) -> None:
        self.now += dt.timedelta(days=days)

    @invariant()
    def every_file_stands_as_the_model_says(self) -> None:
        with clock.freeze(self.now):
            for n, file in enumerate(self.files):
                for purpose in PURPOSES:
                    assert state(file, purpose) == self.world.state(n, FILES, purpose, self.now), (n, purpose)
            for purpose in PURPOSES:
                self.lists_say_the_same(purpose)

    def lists_say_the_same(self, purpose: str) -> None:
        """Each file's own state, as lists and segments read it, whether or not somebody noted what has lapsed."""
        listed = {
            one: kind
            for kind in ("withdrawn", "given", "lapsed")
            for one in consents.subjects_in("customer", purpose, kind).values_list("subject_id", flat=True)
        }
        for n, file in enumerate(self.files):
            assert listed.get(file, "unknown") == self.world.own_state(n, purpose, self.now), (n, purpose)

    @rule()
    def note_what_lapsed(self) -> None:
        with clock.freeze(self.now):
            actions.lapse_consents()


@both
@pytest.mark.django_db
@pytest.mark.timeout(300)
def test_any_order_of_answers_merges_and_unmerges_stands_as_the_plain_model_says() -> None:
    how = settings(
        max_examples=WALKS, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
    )  # fmt: skip
    run_state_machine_as_test(Consents, settings=how)
    assert ConsentState.objects.count() == 0  # each walk was rolled back

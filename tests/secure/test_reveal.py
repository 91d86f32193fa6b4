"""Seeing one value: permission, then quota, then the audit committed, then the value."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError

from tests.cast import hire
from zhike.kit import clock
from zhike.secure import actions, auditing, queries, vault
from zhike.secure.actions import QuotaExceeded, ReasonMissing
from zhike.secure.models import AuditEvent, Role, Staff
from zhike.secure.permissions import Forbidden
from zhike.secure.records import SYSTEM, SealedRef

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
PHONE = "13812345678"
ABOUT = ("customer", 1)


def ref(row: int = 1, record: int = 1, payload: dict[str, str] | None = None) -> SealedRef:
    key = vault.ensure_keys([record])[record]
    context = vault.SealContext("customers_sourceversion.sealed", row, record)
    return SealedRef(
        context.table_column, row, record, vault.seal(key, context, payload or {"phone": PHONE, "email": "lin@qq.com"})
    )


def reveal(staff: Staff, sealed: SealedRef | None = None, field: str = "phone", **how: Any) -> Any:
    how = {"about": ABOUT, "purpose": "after_sale", "reason": ""} | how
    return actions.open_sealed(queries.viewer_of(staff), sealed or ref(), field, **how)


def test_an_agent_sees_a_phone_and_the_audit_knows(agent: Staff) -> None:
    assert reveal(agent).plain() == PHONE
    event = AuditEvent.objects.get(action="reveal")
    assert (event.actor_id, event.object_kind, event.object_id, event.field) == (agent.pk, "customer", "1", "phone")
    assert (event.purpose, event.outcome) == ("after_sale", "ok")


def test_an_analyst_is_refused_and_the_refusal_is_kept(analyst: Staff) -> None:
    with pytest.raises(Forbidden):
        reveal(analyst)
    assert AuditEvent.objects.get(action="reveal").outcome == "refused"


def test_no_value_without_its_audit_row(agent: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise DatabaseError("disk full")

    sealed = ref()
    monkeypatch.setattr(auditing, "write", broken)
    with pytest.raises(DatabaseError):
        reveal(agent, sealed)


@pytest.mark.django_db(transaction=True)
def test_a_reveal_inside_an_open_transaction_is_refused() -> None:
    from django.db import transaction

    agent, sealed = hire("agent"), ref()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        reveal(agent, sealed)


@pytest.mark.parametrize(("purpose", "reason"), [("", ""), ("curiosity", ""), ("other", ""), ("other", "   ")])
def test_a_reveal_needs_a_purpose_and_other_needs_words(agent: Staff, purpose: str, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        reveal(agent, purpose=purpose, reason=reason)
    assert not AuditEvent.objects.filter(action="reveal").exists()


def test_the_words_of_a_reason_are_not_kept_only_that_there_were_some(agent: Staff) -> None:
    reveal(agent, purpose="other", reason="张三 13812345678 来电")
    detail = AuditEvent.objects.get(action="reveal").detail
    assert detail["reason_length"] == 17 and "张三" not in str(detail) and PHONE not in str(detail)


def test_the_quota_of_the_hour_ends_reveals_and_time_gives_them_back(agent: Staff) -> None:
    Role.objects.filter(code="agent").update(reveals_per_hour=3)
    from zhike.secure import policy

    policy.touch()
    start = clock.now()
    with clock.freeze(start):
        for _ in range(3):
            reveal(agent)
        assert actions.reveals_left(queries.viewer_of(agent)) == 0
        with pytest.raises(QuotaExceeded) as refused:
            reveal(agent)
    assert refused.value.limit == 3 and refused.value.retry_at == start + dt.timedelta(hours=1)
    with clock.freeze(start + dt.timedelta(minutes=59, seconds=59)), pytest.raises(QuotaExceeded):
        reveal(agent)
    with clock.freeze(start + dt.timedelta(hours=1)):
        assert reveal(agent).plain() == PHONE


def test_the_most_generous_role_sets_the_quota() -> None:
    agent = hire("agent")
    agent.roles.add(Role.objects.get(code="supervisor"))
    from zhike.secure import policy

    policy.touch()
    assert queries.viewer_of(agent).reveals_per_hour == 60


def test_a_role_may_see_masks_without_ever_revealing(operator: Staff) -> None:
    viewer = queries.viewer_of(operator)
    assert queries.masked(viewer, [ref()], "phone") == ["****5678"]
    with pytest.raises(Forbidden):
        reveal(operator)


def test_who_may_reveal_sees_a_wider_mask_of_a_phone(agent: Staff, analyst: Staff) -> None:
    assert queries.masked(queries.viewer_of(agent), [ref(), ref(2, 2)], "phone") == ["138****5678", "138****5678"]
    assert queries.masked(queries.viewer_of(analyst), [ref()], "phone") == [""]


def test_a_field_the_payload_lacks_masks_to_nothing(agent: Staff) -> None:
    assert queries.masked(queries.viewer_of(agent), [ref()], "wechat") == [""]


@pytest.mark.parametrize("code", ["swapped_value", "tampered_value", "key_missing"])
def test_a_value_that_does_not_open_raises_and_alarms(agent: Staff, code: str) -> None:
    good = ref()
    bad = {
        "swapped_value": SealedRef(good.table_column, 99, 1, good.blob),
        "tampered_value": SealedRef(good.table_column, 1, 1, good.blob[:-1] + bytes([good.blob[-1] ^ 1])),
        "key_missing": SealedRef(good.table_column, 1, 424242, good.blob),
    }[code]
    with pytest.raises(vault.VaultError) as problem:
        reveal(agent, bad)
    assert problem.value.code == code
    alarm = AuditEvent.objects.get(action="vault.alarm")
    assert alarm.detail["code"] == code and PHONE not in str(alarm.detail)
    assert queries.masked(queries.viewer_of(agent), [bad, good], "phone") == ["", "138****5678"]


def test_after_its_key_is_destroyed_a_value_is_gone_without_alarm(agent: Staff) -> None:
    sealed = ref()
    vault.destroy_keys([1])
    with pytest.raises(vault.KeyDestroyed):
        reveal(agent, sealed)
    assert queries.masked(queries.viewer_of(agent), [sealed], "phone") == [""]
    assert not AuditEvent.objects.filter(action="vault.alarm").exists()


def test_a_machine_opens_many_with_one_event_and_a_known_purpose() -> None:
    opened = actions.open_many([ref(n, n) for n in (1, 2, 3)], "phone", purpose="matching", by=SYSTEM)
    assert [o.plain() for o in opened] == [PHONE] * 3
    event = AuditEvent.objects.get(action="open.batch")
    assert event.detail["count"] == 3 and len(event.detail["records_digest"]) == 32
    with pytest.raises(ReasonMissing):
        actions.open_many([ref()], "phone", purpose="curiosity", by=SYSTEM)


def test_a_person_without_the_right_opens_no_batch(analyst: Staff) -> None:
    with pytest.raises(Forbidden):
        actions.open_many([ref()], "phone", purpose="export", by=queries.viewer_of(analyst))


def test_twenty_different_phones_an_hour_can_be_searched_and_not_one_more(agent: Staff) -> None:
    viewer, start = queries.viewer_of(agent), clock.now()
    with clock.freeze(start):
        for n in range(20):
            actions.note_lookup(viewer, "phone", vault.lookup("phone", f"1380000{n:04}"))
        actions.note_lookup(viewer, "phone", vault.lookup("phone", "13800000003"))  # the same again counts once
        with pytest.raises(Forbidden):
            actions.note_lookup(viewer, "phone", vault.lookup("phone", "13811112222"))
    assert AuditEvent.objects.get(action="lookup.blocked").outcome == "refused"
    with clock.freeze(start + dt.timedelta(hours=1, seconds=1)):
        actions.note_lookup(viewer, "phone", vault.lookup("phone", "13811112222"))


def test_the_audit_refuses_acts_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="unknown audit action"):
        actions.record_audit("no.such.act", by=SYSTEM)


def test_a_page_of_fifty_masks_costs_one_question_to_the_keyring(agent: Staff, django_assert_num_queries: Any) -> None:
    refs, viewer = [ref(n, n) for n in range(1, 51)], queries.viewer_of(agent)
    with django_assert_num_queries(1, using="keyring"):
        assert queries.masked(viewer, refs, "phone") == ["138****5678"] * 50

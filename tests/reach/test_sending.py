"""One exit for messages: judged when asked and again at the call, stored once, never sent twice, never without consent."""

import datetime as dt
import json
import logging
from pathlib import Path
from typing import Any

import pytest

from tests.cast import hire
from tests.customers.test_consents import merge
from tests.reach.ground import agreed, news, open_house, person, service
from zhike.customers import actions as customers
from zhike.customers import queries as asked
from zhike.customers.models import CustomerCard
from zhike.kit import clock, jobs
from zhike.kit.models import Job
from zhike.reach import actions as reach
from zhike.reach.actions import delivering
from zhike.reach.models import Attempt, MailSettings, Message, Suppression
from zhike.reach.wording import stop_token
from zhike.secure import subjects
from zhike.secure.models import AuditEvent
from zhike.secure.permissions import Forbidden
from zhike.secure.queries import viewer_of
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.shop.events import OrdersRecorded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
MORNING = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)  # ten o'clock in Shanghai


@pytest.fixture
def house() -> dict[str, Any]:
    return open_house()


@pytest.fixture
def taken(home: Path) -> Any:
    """The messages the simulator took since the test began."""
    file = home / "simulator" / "taken.jsonl"
    before = len(file.read_text().splitlines()) if file.exists() else 0

    def since() -> list[str]:
        lines = file.read_text().splitlines()[before:] if file.exists() else []
        return [json.loads(line)["message_id"] for line in lines]

    return since


def went(message: Message) -> tuple[str, str]:
    """Let the worker work, and say how the message stands."""
    jobs.run_pending()
    message.refresh_from_db()
    return message.state, message.why


def test_a_message_with_consent_is_sent_once_whoever_asks_how_often(house: dict[str, Any], taken: Any) -> None:
    who = agreed(person("wang@example.com"), house)
    first = news(who, house)
    assert news(who, house).pk == first.pk  # the same key is the same message
    assert went(first) == ("sent", "")
    assert news(who, house).state == "sent"
    delivering.deliver(first.pk)
    assert taken() == [f"<{first.public_id}@localhost>"]
    assert [(a.number, a.outcome) for a in Attempt.objects.all()] == [(1, "sent")]
    with pytest.raises(reach.KeyTaken):
        news(who, house, facts={"tea": "普洱"})
    opened = AuditEvent.objects.filter(action="open.batch", purpose="sending")
    assert [event.detail["count"] for event in opened] == [1]  # one address at a time


def test_without_consent_nothing_leaves_and_the_message_says_why(house: dict[str, Any], taken: Any) -> None:
    cases = {
        "not_asked": person("a@example.com", "甲"),
        "do_not_contact": agreed(person("b@example.com", "乙"), house),
        "no_address": agreed(person("", "丙"), house),
        "withdrawn": agreed(person("d@example.com", "丁"), house),
        "archived": agreed(person("e@example.com", "戊"), house),
    }
    customers.edit_field(cases["do_not_contact"], "do_not_contact", "是", by=BY)
    customers.withdraw_consent(cases["withdrawn"], "marketing_mail", way="phone", by=BY)
    CustomerCard.objects.filter(pk=cases["archived"]).update(archived_at=clock.now())
    for why, who in cases.items():
        assert went(news(who, house, key=why)) == ("refused", why)
    assert went(news(agreed(person("f@example.com", "己"), house), house, key="facts", facts={})) == (
        "refused",
        "facts_missing",
    )
    MailSettings.objects.update(public_url="")
    assert went(news(agreed(person("g@example.com", "庚"), house), house, key="url")) == ("refused", "no_way_out")
    assert taken() == [] and Attempt.objects.count() == 0
    assert went(service(cases["not_asked"], house)) == ("sent", "")  # an order is served without asking


def test_a_withdrawal_stops_what_was_asked_for_before_it(house: dict[str, Any], taken: Any) -> None:
    who = agreed(person("wang@example.com"), house)
    waiting = news(who, house)
    assert waiting.state == "queued"
    customers.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
    assert went(waiting) == ("refused", "withdrawn")
    assert taken() == []


def test_a_withdrawal_between_judging_and_calling_still_counts(
    house: dict[str, Any], taken: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = agreed(person("wang@example.com"), house)
    message = news(who, house)
    really = delivering.secure.open_many

    def open_many(*given: Any, **how: Any) -> Any:
        customers.withdraw_consent(who, "marketing_mail", way="phone", by=BY)
        return really(*given, **how)

    monkeypatch.setattr(delivering.secure, "open_many", open_many)
    assert went(message) == ("refused", "withdrawn")
    assert taken() == []


def test_a_file_merged_in_that_withdrew_stops_the_message(house: dict[str, Any], taken: Any) -> None:
    who, other = agreed(person("wang@example.com", "甲"), house), person("other@example.com", "乙")
    message = news(who, house)
    customers.withdraw_consent(other, "marketing_mail", way="phone", by=BY)
    merge(other, who)
    assert went(message) == ("refused", "withdrawn")
    assert taken() == []


def test_caps_count_over_the_merged_group_and_the_earlier_message_goes_first(house: dict[str, Any]) -> None:
    MailSettings.objects.update(caps={"marketing_mail": [2, 7]})
    one, other = agreed(person("a@example.com", "甲"), house), agreed(person("b@example.com", "乙"), house)
    with clock.freeze(MORNING):
        assert went(news(one, house, key="1")) == ("sent", "")
        merge(other, one)
        second, third = news(one, house, key="2"), news(one, house, key="3")
        assert (second.state, third.state, third.why) == ("queued", "refused", "capped")
        assert went(second) == ("sent", "")
    with clock.freeze(MORNING + dt.timedelta(days=7, minutes=1)):
        assert went(news(one, house, key="4")) == ("sent", "")


def test_in_quiet_hours_advertising_waits_for_the_morning_and_service_goes(house: dict[str, Any], taken: Any) -> None:
    MailSettings.objects.update(quiet_from="21:00", quiet_until="08:30")
    who = agreed(person("wang@example.com"), house)
    night = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)  # eleven at night in Shanghai
    with clock.freeze(night):
        held = news(who, house)
        assert went(held) == ("held", "quiet_hours")
        assert held.due_at == dt.datetime(2026, 3, 3, 0, 30, tzinfo=dt.UTC)
        assert went(service(who, house)) == ("sent", "")
    with clock.freeze(held.due_at):
        assert went(held) == ("sent", "")
    assert len(taken()) == 2


def test_while_sending_is_off_messages_wait_and_after_three_days_they_are_given_up(house: dict[str, Any]) -> None:
    MailSettings.objects.update(is_on=False)
    who = agreed(person("wang@example.com"), house)
    with clock.freeze(MORNING):
        message = news(who, house)
        assert went(message) == ("held", "off")
    with clock.freeze(MORNING + dt.timedelta(days=3, minutes=20)):
        assert went(message) == ("refused", "too_late")


def test_an_address_that_does_not_exist_is_suppressed_and_another_one_is_taken(
    house: dict[str, Any], taken: Any
) -> None:
    who = agreed(person("bounce1@example.com"), house)
    assert went(news(who, house)) == ("bounced", "550")
    assert Suppression.objects.get().reason == "hard_bounce"
    assert went(news(who, house, key="again")) == ("refused", "bounced_before")
    customers.edit_field(who, "email", "works@example.com", by=BY)
    assert went(news(who, house, key="third")) == ("sent", "")
    assert len(taken()) == 1


def test_a_busy_server_is_asked_again_later_and_given_up_after_six_times(house: dict[str, Any]) -> None:
    who, now = agreed(person("later1@example.com"), house), MORNING
    with clock.freeze(now):
        message = news(who, house)
    waits = []
    for _ in range(5):
        with clock.freeze(now):
            assert went(message) == ("queued", "451")
        waits.append(message.due_at - now)
        now = message.due_at
    assert [w.total_seconds() / 60 for w in waits] == [1, 5, 30, 120, 480]
    with clock.freeze(now):
        assert went(message) == ("failed", "gave_up")
    assert message.attempt_count == 6


def test_what_nobody_came_back_from_is_unknown_and_not_sent_again_by_itself(house: dict[str, Any], taken: Any) -> None:
    who = agreed(person("lost1@example.com"), house)
    message = news(who, house)
    assert went(message) == ("unknown", "broken_off")
    assert (delivering.look_after(), went(message)) == (0, ("unknown", "broken_off"))
    assert len(taken()) == 1
    again = reach.send_again(message.public_id, by=BY)  # a person decides
    assert went(Message.objects.get(public_id=again)) == ("unknown", "broken_off")
    assert len(taken()) == 2


def test_a_call_found_open_by_the_next_worker_becomes_unknown(house: dict[str, Any], taken: Any) -> None:
    message = news(agreed(person("wang@example.com"), house), house)
    Message.objects.filter(pk=message.pk).update(state="sending", attempt_count=1)
    Attempt.objects.create(message=message, number=1, channel="simulator", at=clock.now())
    assert went(message) == ("unknown", "not_back")
    assert (taken(), Attempt.objects.get().outcome) == ([], "unknown")


def test_a_message_whose_job_was_lost_is_looked_after(house: dict[str, Any], taken: Any) -> None:
    message = news(agreed(person("wang@example.com"), house), house)
    Job.objects.all().delete()
    assert went(message) == ("queued", "")
    with clock.freeze(clock.now() + dt.timedelta(minutes=20)):
        assert delivering.look_after() == 1
        assert went(message) == ("sent", "")
    assert len(taken()) == 1


def test_the_way_out_withdraws_suppresses_and_stops_what_waits(house: dict[str, Any], taken: Any) -> None:
    who, other = agreed(person("wang@example.com"), house), agreed(person("wang2@example.com", "乙"), house)
    sent = news(who, house)
    assert went(sent) == ("sent", "")
    merge(other, who)
    waiting = news(who, house, key="next")
    assert reach.stop_by_link(stop_token(sent.public_id)) == "marketing_mail"
    assert reach.stop_by_link(stop_token(sent.public_id)) == "marketing_mail"  # twice is once
    assert reach.stop_by_link("nonsense") is None and reach.stop_by_link(f"{sent.public_id}~forged") is None
    assert went(waiting) == ("refused", "withdrawn")
    assert asked.consent_for(other, "marketing_mail").state == "withdrawn"
    assert [(s.reason, s.purpose) for s in Suppression.objects.all()] == [("unsubscribed", "marketing_mail")]
    assert went(service(who, house)) == ("sent", "")  # orders are still served
    assert len(taken()) == 2


def test_an_address_on_the_suppression_list_receives_nothing_until_it_is_lifted(house: dict[str, Any]) -> None:
    who = agreed(person("wang@example.com"), house)
    entry = reach.suppress(" WANG@Example.com ", reason="complaint", by=BY)
    assert went(service(who, house)) == ("refused", "suppressed")
    with pytest.raises(reach.SuppressionRefused):
        reach.suppress("wang@example.com", reason="by_hand", by=BY)
    with pytest.raises(reach.SuppressionRefused):
        reach.suppress("no address", reason="by_hand", by=BY)
    reach.lift(entry, why="asked", by=BY)
    assert went(service(who, house, key="second")) == ("sent", "")


def test_nothing_is_sent_because_of_what_was_learned_from_an_old_file(house: dict[str, Any]) -> None:
    who = person("wang@example.com")
    with pytest.raises(reach.SendRefused) as refusal:
        service(who, house, because=OrdersRecorded(run_id=1, is_backfill=True))
    assert (refusal.value.code, Message.objects.count()) == ("backfill", 0)
    assert went(service(who, house, because=OrdersRecorded(run_id=1))) == ("sent", "")


def test_who_may_not_send_and_who_may_not_know_the_customer_sends_nothing(house: dict[str, Any]) -> None:
    who = person("wang@example.com")
    with pytest.raises(Forbidden):
        reach.send(to=who, purpose="service", template=house["service"], key="x", by=viewer_of(hire("analyst")))
    with pytest.raises(customers.CustomerUnknown):
        reach.send(to=who, purpose="service", template=house["service"], key="x", by=viewer_of(hire("account_manager")))
    for given in (
        {"template": "nosuch"},
        {"purpose": "marketing_mail"},
        {"key": ""},
        {"facts": {"order_number": "x" * 501}},
    ):
        with pytest.raises(reach.SendRefused):
            reach.send(
                **({"to": who, "purpose": "service", "template": house["service"], "key": "k", "by": BY} | given)
            )
    assert Message.objects.count() == 0


def test_a_person_stops_a_message_that_waits(house: dict[str, Any], taken: Any) -> None:
    message = service(person("wang@example.com"), house)
    reach.cancel(message.public_id, by=BY)
    assert went(message) == ("cancelled", "by_hand")
    with pytest.raises(reach.SendRefused):
        reach.cancel(message.public_id, by=BY)
    assert taken() == []


def test_no_address_stands_in_jobs_logs_audit_or_messages(
    house: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for begins in ("canary", "bouncecanary", "latercanary", "lostcanary", "refusecanary"):
        news(agreed(person(f"{begins}77@canary.example", begins), house), house, key=begins)
    jobs.run_pending()
    rows = [*Job.objects.values(), *Message.objects.values(), *Attempt.objects.values(), *Suppression.objects.values()]
    rows += AuditEvent.objects.values()
    told = " ".join(map(str, rows)) + caplog.text
    assert "canary77" not in told and "canary.example" not in told


def test_an_erased_person_leaves_messages_without_words_and_receives_none(house: dict[str, Any], taken: Any) -> None:
    who = agreed(person("wang@example.com"), house)
    assert went(service(who, house)) == ("sent", "")
    waiting = service(who, house, key="two")
    subjects.bury("customer", who, "asked")
    assert went(waiting) == ("refused", "archived")
    assert {str(m.facts) for m in Message.objects.all()} == {"{}"}
    assert len(taken()) == 1

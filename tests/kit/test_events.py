import datetime as dt
from dataclasses import dataclass

import pytest
from django.db import transaction

from zhike.kit import events, jobs
from zhike.kit.models import HandledEvent, Job

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True, kw_only=True)
class OrdersWereCounted(events.Event):
    ids: tuple[int, ...] = ()
    day: dt.date | None = None


surely: list[OrdersWereCounted] = []
fleetingly: list[OrdersWereCounted] = []


@events.durable(OrdersWereCounted)
def hear_surely(event: OrdersWereCounted) -> None:
    surely.append(event)
    if event.ids == (666,):
        raise RuntimeError


@events.after_commit(OrdersWereCounted)
def hear_fleetingly(event: OrdersWereCounted) -> None:
    fleetingly.append(event)


@pytest.fixture(autouse=True)
def _silence():
    surely.clear()
    fleetingly.clear()


def test_an_event_reaches_both_kinds_of_hearers_whole():
    told = OrdersWereCounted(ids=(1, 2), day=dt.date(2026, 11, 11), is_backfill=True)
    with transaction.atomic():
        events.publish(told)
        assert fleetingly == []
    assert fleetingly == [told]
    assert jobs.run_pending() == 1
    assert surely == [told]


def test_an_event_of_a_rolled_back_transaction_was_never_told():
    with pytest.raises(KeyError), transaction.atomic():
        events.publish(OrdersWereCounted())
        raise KeyError
    assert jobs.run_pending() == 0
    assert (surely, fleetingly) == ([], [])


def test_a_handler_that_already_took_an_event_does_not_act_again():
    events.publish(OrdersWereCounted())
    jobs.run_pending()
    Job.objects.update(state=Job.QUEUED)
    assert jobs.run_pending() == 1
    assert len(surely) == 1


def test_a_handler_that_fails_leaves_no_note_of_having_acted():
    events.publish(OrdersWereCounted(ids=(666,)))
    with pytest.raises(RuntimeError):
        jobs.run_pending()
    assert not HandledEvent.objects.exists()
    assert Job.objects.get().state == Job.QUEUED

"""Nothing leaves the house because of an old file: ten thousand old orders are announced once, and only inside."""

from collections import Counter

import pytest

from tests.collect.importing import HEADERS, brought, counted, csv_bytes, order_row
from zhike.customers.events import SourceRecorded
from zhike.kit import events
from zhike.kit.events import Event
from zhike.kit.models import Job
from zhike.shop.events import OrdersRecorded

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases, pytest.mark.timeout(240)]

# Modules that speak to the world outside. None of their jobs may exist because of a backfill.
OUTWARD = ("reach.", "talk.", "survey.", "care.")
MOST_JOBS = 8  # one for the import, one for each durable handler of its two events, and room for a few more handlers


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Event]:
    """Every event that is published, in order."""
    heard: list[Event] = []
    really = events.publish

    def publish(event: Event) -> None:
        heard.append(event)
        really(event)

    for module in ("zhike.kit.events", "zhike.customers.actions.finish", "zhike.shop.actions.figures"):
        monkeypatch.setattr(f"{module}.publish", publish)
    return heard


def old_orders(count: int) -> bytes:
    rows = [
        order_row(
            f"O{n}", f"c{n % 1_500}", at="2015-03-01 10:00:00", name=f"王{n % 1_500}", email=f"c{n % 1_500}@example.com"
        )
        for n in range(count)
    ]
    return csv_bytes(HEADERS, rows)


@pytest.mark.long_on_postgresql
def test_ten_thousand_old_orders_are_announced_once_and_send_nothing(told: list[Event]) -> None:
    run = brought(old_orders(10_000))
    assert run.counts["new"] == counted("shop_order") == 10_000
    assert Counter(type(event) for event in told) == {SourceRecorded: 1, OrdersRecorded: 1}
    assert {(event.run_id, event.is_backfill) for event in told} == {(run.id, True)}  # type: ignore[attr-defined]
    names = list(Job.objects.values_list("name", flat=True))
    assert len(names) <= MOST_JOBS, names
    assert [name for name in names if name.startswith(OUTWARD)] == []
    assert counted("reach_message") == counted("reach_attempt") == 0


def test_the_count_of_jobs_does_not_grow_with_the_file(told: list[Event]) -> None:
    brought(old_orders(20))
    few = Job.objects.count()
    brought(old_orders(600))
    assert Job.objects.count() == 2 * few
    assert len(told) == 4

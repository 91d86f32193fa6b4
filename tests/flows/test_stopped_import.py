"""An import that stopped half way: what it recorded is found by staff, and by the next source that speaks of the same people."""

from typing import Any

import pytest

from tests.collect.importing import brought, counted, csv_bytes, found, planned, state
from zhike.collect import actions
from zhike.collect.records import RunFacts
from zhike.collect.running import recording
from zhike.collect.running.pace import Pace
from zhike.customers import actions as customers
from zhike.kit import jobs
from zhike.kit.jobs import JobRun, Paused
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PEOPLE = 12
MAPPING = """
kind: customers
platform: test_shop
customer:
  keys: [{platform_id: id}]
  fields: {name: name, phone: phone, email: email}
  joins: [email]
"""


def people(prefix: str) -> bytes:
    """Customers of a shop; both shops know them by the same e-mail addresses."""
    rows = [
        [f"{prefix}{n}", f"王小{'甲乙丙丁'[n % 4]}", f"138000010{n:02d}", f"u{n}@example.com"] for n in range(PEOPLE)
    ]
    return csv_bytes(["id", "name", "phone", "email"], rows)


def stopped_half_way(monkeypatch: pytest.MonkeyPatch) -> RunFacts:
    """An import paused by somebody after its first batch."""
    run = planned(people("a"), kind="customers", mapping=MAPPING)
    really, checks = JobRun.check, iter((False, True))

    def check(self: JobRun) -> None:
        if next(checks, False):
            raise Paused
        really(self)

    monkeypatch.setattr(recording, "Pace", SmallSteps)
    monkeypatch.setattr(JobRun, "check", check)
    actions.start_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    monkeypatch.setattr(JobRun, "check", really)
    return found(run)


class SmallSteps(Pace):
    """Four rows at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = 4

    def learn(self, row_count: int, seconds: float) -> None:
        """Stay with four."""


def test_customers_of_a_paused_import_are_found_by_phone_and_name(monkeypatch: pytest.MonkeyPatch) -> None:
    run = stopped_half_way(monkeypatch)
    recorded = counted("customers_sourcerecord")
    assert run.state == "paused" and 0 < recorded < PEOPLE
    assert counted("customers_lookup", "kind = 1") == recorded
    assert counted("customers_nametoken", "token = '王小'") == recorded


def test_the_next_source_joins_the_customers_a_stopped_import_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    unindexed: list[Any] = []
    monkeypatch.setattr(recording, "index_unfinished", lambda *_, **__: unindexed.append(1))
    monkeypatch.setattr("zhike.collect.jobs.index_unfinished", lambda *_, **__: unindexed.append(1))
    stopped_half_way(monkeypatch)
    recorded = counted("customers_sourcerecord")
    assert unindexed and counted("customers_lookup") == 0  # as after kill -9: nobody had time to index
    monkeypatch.undo()
    other = brought(people("b"), kind="customers", mapping=MAPPING, source="other_shop")
    assert other.counts["joined"] == recorded
    assert counted("customers_customer") == PEOPLE


def test_a_stopped_import_is_indexed_once_and_whole_when_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run = stopped_half_way(monkeypatch)
    indexed: list[int] = []
    really = customers.index_run
    monkeypatch.setattr(customers, "index_run", lambda run_id, **how: indexed.append(run_id) or really(run_id, **how))
    brought(people("b"), kind="customers", mapping=MAPPING, source="other_shop")
    assert indexed == []  # the pause did it
    actions.resume_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert found(run).state == "done"
    halves = state()
    assert counted("customers_lookup", "kind = 1") == 2 * PEOPLE
    actions.undo_import(run.id, by=LOCAL_OPERATOR)
    jobs.run_pending()
    assert counted("customers_lookup", "kind = 1") == PEOPLE
    assert state() != halves

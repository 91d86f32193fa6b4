import datetime as dt

import pytest

from zhike.config.schedule import ENTRIES
from zhike.kit import clock, jobs
from zhike.kit.jobs.registry import job_names
from zhike.kit.jobs.schedule import Nightly, enqueue_due

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SHANGHAI = "Asia/Shanghai"
NIGHTLY = [Nightly("kit.sweep", at="03:40")]


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment in November 2026 by the shop's clock (UTC+8)."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def test_a_new_entry_waits_for_its_first_night():
    with clock.freeze(at(10, 12)):
        assert enqueue_due(NIGHTLY, SHANGHAI) == []
    with clock.freeze(at(11, 3, 39)):
        assert enqueue_due(NIGHTLY, SHANGHAI) == []
    with clock.freeze(at(11, 3, 41)):
        assert len(enqueue_due(NIGHTLY, SHANGHAI)) == 1
        assert enqueue_due(NIGHTLY, SHANGHAI) == []


def test_nights_missed_while_switched_off_run_once_after_the_restart():
    with clock.freeze(at(10, 12)):
        enqueue_due(NIGHTLY, SHANGHAI)
    with clock.freeze(at(14, 9)):
        assert len(enqueue_due(NIGHTLY, SHANGHAI)) == 1
        assert enqueue_due(NIGHTLY, SHANGHAI) == []
        assert jobs.run_pending() == 1


def test_a_weekly_entry_is_due_on_its_weekday_only():
    weekly = Nightly("kit.sweep", at="04:00", weekday=0)
    assert weekly.last_due(at(12, 9), SHANGHAI) == at(9, 4)
    assert weekly.last_due(at(9, 3), SHANGHAI) == at(2, 4)


def test_every_scheduled_entry_names_a_declared_job():
    assert {entry.job for entry in ENTRIES} <= set(job_names())

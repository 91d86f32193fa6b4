"""What runs by the clock: nightly entries that catch up after a restart, and small calls every few seconds."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db import transaction

from zhike.kit import clock
from zhike.kit.jobs.queue import enqueue
from zhike.kit.models import ScheduleMark

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Nightly:
    """A job due every day at `at` (HH:MM, the shop's time zone). `weekday`: only then (0 is Monday)."""

    job: str
    at: str
    weekday: int | None = None
    args: dict[str, Any] = field(default_factory=dict)

    def last_due(self, now: dt.datetime, zone: str) -> dt.datetime:
        """The latest moment not after `now` for which it was due, in UTC."""
        local = now.astimezone(ZoneInfo(zone))
        hour, minute = (int(part) for part in self.at.split(":"))
        for days_back in range(9):
            day = local.date() - dt.timedelta(days=days_back)
            due = dt.datetime.combine(day, dt.time(hour, minute), tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)
            if due <= now and self.weekday in (None, day.weekday()):
                return due
        raise ValueError(f"{self.job} is never due at {self.at}")


def enqueue_due(entries: Sequence[Nightly], zone: str) -> list[int]:
    """Enqueue every entry whose last due moment has no job yet; a night missed while we slept runs once, now.

    An entry seen for the first time waits for its next moment.
    """
    now, jobs = clock.now(), []
    for entry in entries:
        due = entry.last_due(now, zone)
        with transaction.atomic():
            mark, is_new = ScheduleMark.objects.get_or_create(name=entry.job, defaults={"last_due_at": due})
            if is_new or mark.last_due_at >= due:
                continue
            if ScheduleMark.objects.filter(name=entry.job, last_due_at__lt=due).update(last_due_at=due):
                jobs.append(enqueue(entry.job, unique_key=f"nightly:{entry.job}", **entry.args))
    return jobs


Call = Callable[[], object]
C = TypeVar("C", bound=Call)


@dataclass
class Tick:
    """A small call the worker makes every few seconds; it may be lost and must be quick."""

    call: Call
    seconds: float
    next_at: float = 0.0


_ticks: list[Tick] = []


def every(seconds: float) -> Callable[[C], C]:
    """Make a function a tick of the worker (a sealer, a flush). Work that must happen is a job, not a tick."""

    def decorate(call: C) -> C:
        _ticks.append(Tick(call, seconds))
        return call

    return decorate


def run_ticks() -> None:
    """Make the calls that are due; a failing one is logged and tried again at its next time."""
    for tick in _ticks:
        if time.monotonic() >= tick.next_at:
            tick.next_at = time.monotonic() + tick.seconds
            try:
                tick.call()
            except Exception as error:  # noqa: BLE001  (one tick must not stop the others)
                log.error("tick %s raised %s", getattr(tick.call, "__qualname__", tick.call), type(error).__name__)

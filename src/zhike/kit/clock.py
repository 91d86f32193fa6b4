"""The only clock: simulations and tests set it, everything else asks it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

_frozen: dt.datetime | None = None


def now() -> dt.datetime:
    """The present moment, aware, in UTC."""
    return _frozen or dt.datetime.now(dt.UTC)


def after(seconds: float) -> dt.datetime:
    """The moment so many seconds from now."""
    return now() + dt.timedelta(seconds=seconds)


def today(zone: str) -> dt.date:
    """The calendar day in the given time zone (IANA name)."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def freeze(moment: dt.datetime) -> Iterator[None]:
    """Hold the clock at an aware moment, for tests and simulations."""
    global _frozen
    before, _frozen = _frozen, moment.astimezone(dt.UTC)
    try:
        yield
    finally:
        _frozen = before

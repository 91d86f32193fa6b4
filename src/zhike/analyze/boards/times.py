"""When a report is due: every day, on a weekday, or on a day of the month, at an hour of the shop."""

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

RHYTHMS = ("day", "week", "month")
_FARTHEST_DAYS = 63  # two months hold every day of the month, or its last


@dataclass(frozen=True, slots=True)
class Rhythm:
    """`on_day`: of the week from 0 (Monday), of the month from 1; in a month without that day, its last. Raises ValueError."""

    every: str
    on_day: int
    hour: int

    def __post_init__(self) -> None:
        days = {"day": range(1), "week": range(7), "month": range(1, 32)}.get(self.every, range(0))
        if self.on_day not in days or self.hour not in range(24):
            raise ValueError("no such rhythm")

    def next_after(self, moment: dt.datetime, zone: str) -> dt.datetime:
        """The first moment it is due after this one, in UTC."""
        return next(due for due in self._due(moment, zone, 1) if due > moment)

    def last_until(self, moment: dt.datetime, zone: str) -> dt.datetime:
        """The newest moment it was due, not after this one, in UTC."""
        return next(due for due in self._due(moment, zone, -1) if due <= moment)

    def _due(self, moment: dt.datetime, zone: str, step: int) -> Iterator[dt.datetime]:
        first = moment.astimezone(ZoneInfo(zone)).date()
        for days in range(_FARTHEST_DAYS):
            day = first + dt.timedelta(days=step * days)
            if self._falls_on(day):
                yield dt.datetime.combine(day, dt.time(self.hour), tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)

    def _falls_on(self, day: dt.date) -> bool:
        if self.every == "week":
            return day.weekday() == self.on_day
        if self.every == "month":
            return day.day == min(self.on_day, calendar.monthrange(day.year, day.month)[1])
        return True

"""The shop's time: a calendar of weights by which orders fall on days and hours.

Customers buy along an even inner time; the calendar bends it, so that 618, 11.11 and the spring lull come out of the
same process for everybody.
"""

import datetime as dt
from bisect import bisect_right
from zoneinfo import ZoneInfo

from zhike.desk.demo.drawing import spread

DAYS = 900  # how far back the shop opened

_WEEK = (1.08, 1.05, 1.02, 1.0, 0.98, 0.94, 1.03)
_MONTHS = (0.95, 0.72, 1.0, 1.02, 1.05, 1.0, 0.9, 0.92, 1.08, 1.0, 1.1, 1.12)
# (month, first day, last day): how many times an ordinary day
_PEAKS = {
    (11, 11): 9.0,
    (11, 10): 3.2,
    (11, 12): 2.2,
    (6, 18): 6.0,
    (6, 17): 2.6,
    (6, 16): 2.0,
    (12, 12): 3.0,
    (11, 1): 2.4,
}
_HOURS = (5, 2, 1, 1, 1, 1, 3, 6, 10, 14, 17, 16, 14, 14, 15, 15, 14, 13, 13, 16, 22, 25, 22, 12)


class Calendar:
    """Inner time runs from 0 to 1 over the life of the shop, up to now."""

    def __init__(self, now: dt.datetime, zone: str = "Asia/Shanghai") -> None:
        """`now`: aware; the last day of the calendar is the day of `now` in `zone`, as far as it has gone."""
        here = ZoneInfo(zone)
        local = now.astimezone(here)
        self.now = now
        first = local.date() - dt.timedelta(days=DAYS - 1)
        self.midnights = [
            dt.datetime.combine(first + dt.timedelta(days=n), dt.time(), here).astimezone(dt.UTC) for n in range(DAYS)
        ]
        self.months = [(first + dt.timedelta(days=n)).month - 1 for n in range(DAYS)]
        self._hours = spread(enumerate(_HOURS), 1024)
        self._minutes_today = max(local.hour * 60 + local.minute, 1)
        weights = [_weight(first + dt.timedelta(days=n), n) for n in range(DAYS)]
        weights[-1] *= self._minutes_today / 1440
        whole, total, self._ends = sum(weights), 0.0, []
        for weight in weights:
            total += weight / whole
            self._ends.append(total)
        self._ends[-1] = 1.0

    def day_at(self, inner: float) -> int:
        """The day (0 … DAYS-1) an inner moment 0 ≤ inner < 1 falls on."""
        return bisect_right(self._ends, inner)

    def moment(self, day: int, roll: float, second_roll: float) -> dt.datetime:
        """A moment of a day, in the hours people buy; `roll` and `second_roll` are uniform in [0, 1)."""
        if day == DAYS - 1:
            seconds = int(roll * self._minutes_today * 60)
        else:
            seconds = self._hours[int(roll * len(self._hours))] * 3600 + int(second_roll * 3600)
        return self.midnights[day] + dt.timedelta(seconds=seconds)


def _weight(day: dt.date, age: int) -> float:
    """How much is bought on a day: growth over the years, month, weekday, festivals."""
    growth = 0.7 + 0.6 * age / DAYS
    return growth * _WEEK[day.weekday()] * _MONTHS[day.month - 1] * _PEAKS.get((day.month, day.day), 1.0)

"""Stretches of time in a rule: absolute days, or relative to today, always days of the shop's own calendar."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

UNITS = ("week", "month", "quarter", "year")
MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Window:
    """One of: ever (nothing set), the last `days`, `this` or `previous` unit, or from `first` to `last`, both included."""

    days: int | None = None
    this: str = ""
    previous: str = ""
    first: dt.date | None = None
    last: dt.date | None = None

    @property
    def kind(self) -> str:
        """`ever`, `last_days`, `this`, `previous` or `dates`."""
        if self.days is not None:
            return "last_days"
        if self.this or self.previous:
            return "this" if self.this else "previous"
        return "dates" if self.first or self.last else "ever"

    def as_json(self) -> dict[str, Any]:
        """As a rule stores it; `{}` is ever."""
        stored = {
            "last_days": self.days,
            "this": self.this or None,
            "previous": self.previous or None,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
        }
        return {name: value for name, value in stored.items() if value is not None}


EVER = Window()


def read_window(stored: Any) -> Window:
    """The window a rule states. Raises ValueError with a code: window, window_days, window_unit, window_day, window_order."""
    if not isinstance(stored, dict) or set(stored) - {"last_days", "this", "previous", "from", "to"}:
        raise ValueError("window")
    if len(stored) > 1 and set(stored) != {"from", "to"}:
        raise ValueError("window")
    if "last_days" in stored:
        days = stored["last_days"]
        if type(days) is not int or not 1 <= days <= MOST_DAYS:
            raise ValueError("window_days")
        return Window(days=days)
    for name in ("this", "previous"):
        if name in stored:
            if stored[name] not in UNITS:
                raise ValueError("window_unit")
            return Window(**{name: stored[name]})
    first, last = _day(stored.get("from")), _day(stored.get("to"))
    if first and last and first > last:
        raise ValueError("window_order")
    return Window(first=first, last=last)


def _day(text: Any) -> dt.date | None:
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except (TypeError, ValueError):
        raise ValueError("window_day") from None
    if not 1900 <= day.year <= 2200:
        raise ValueError("window_day")
    return day


def days_of(window: Window, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
    """First and last day, both included; None is open.

    The last N days end today and hold N days. This week (from Monday), month, quarter or year reaches up to today's end;
    the previous one is whole.
    """
    if window.days is not None:
        return today - dt.timedelta(days=window.days - 1), today
    if window.this:
        return _start(window.this, today), today
    if window.previous:
        last = _start(window.previous, today) - dt.timedelta(days=1)
        return _start(window.previous, last), last
    return window.first, window.last


def _start(unit: str, day: dt.date) -> dt.date:
    if unit == "week":
        return day - dt.timedelta(days=day.weekday())
    month = {"year": 1, "quarter": (day.month - 1) // 3 * 3 + 1, "month": day.month}[unit]
    return day.replace(month=month, day=1)


_OPEN = (dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1))  # noqa: DTZ001  (naive UTC, as in the lake)


def moments_of(window: Window, today: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """The moments that bound a window as naive UTC: from the first, up to but not including the second.

    Days begin when the shop's clock says so; so a day of 23 or 25 hours counts as one.
    """
    first, last = days_of(window, today)
    after = last + dt.timedelta(days=1) if last else None
    return (_utc(first, zone) if first else _OPEN[0], _utc(after, zone) if after else _OPEN[1])


def _utc(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone)).astimezone(dt.UTC).replace(tzinfo=None)

"""Quiet hours 免打扰时段: in the shop's time zone, over midnight or not."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def is_time(text: str) -> bool:
    """Whether a text is a time of day such as 21:00."""
    return _TIME.fullmatch(text) is not None


def quiet_until(now: dt.datetime, begins: str, ends: str, zone: str) -> dt.datetime | None:
    """The end of the quiet hours that reign at `now`, or None outside of them. Equal times mean: never quiet.

    Reckoned on the clock on the wall, so a night in which the clocks are changed ends at the same time of day as any other.
    """
    start, end = _time(begins), _time(ends)
    if start == end:
        return None
    local = now.astimezone(ZoneInfo(zone))
    over_midnight = start > end
    time = local.time().replace(tzinfo=None)
    is_quiet = (time >= start or time < end) if over_midnight else start <= time < end
    if not is_quiet:
        return None
    day = local.date() + dt.timedelta(days=1 if over_midnight and time >= start else 0)
    return dt.datetime.combine(day, end, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def _time(text: str) -> dt.time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(f"not a time of day: {text}")
    return dt.time(int(found[1]), int(found[2]))

"""Dates and times in the writings of shop exports, to aware UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import fold

_YEARS = range(1900, 2201)
_CLOCK = r"(?:[ t]*(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?)?"
_ZONE = r"\s*(z|utc|gmt|(?:(?:utc|gmt)\s*)?[+-]\d{1,2}(?::?\d{2})?)?\Z"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _CLOCK + _ZONE)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _CLOCK + _ZONE)
_COMPACT = re.compile(r"(\d{4})()(\d{2})(\d{2})(?:[ t]?(\d{2}):?(\d{2})(?::?(\d{2}))?())?" + _ZONE)
_EXCEL = re.compile(r"\d{5}(?:\.\d+)?\Z")
_UNIX = re.compile(r"1\d{9}(?:\d{3})?\Z")
_HALF_DAY = re.compile(r"\s*(上午|下午|中午|凌晨|早上|晚上|[ap]\.?m\.?)\s*")
_WEEKDAY = re.compile(r"\s*(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?|(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?)\s*")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}),?(.*)\Z")
_MONTH_SECOND = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4}),?(.*)\Z")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a clock on a wall; the zone comes later
_SAFE_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,40}\Z")


@dataclass(frozen=True, slots=True)
class Moment:
    """at: aware UTC. day: the calendar day in the shop's zone ("day" of RFM). date_only: the
    text carried no clock; ``at`` is then the shop's midnight."""

    at: datetime
    day: date
    date_only: bool


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name; ValueProblem ``moment.unknown_zone`` otherwise."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        shown = name if _SAFE_ZONE.match(name) else None
        raise ValueProblem("moment.unknown_zone", zone=shown) from None


def moment(
    text: str | int | float | date | datetime,
    zone: str | tzinfo = "Asia/Shanghai",
    order: str | None = None,
) -> Moment:
    """Read a date or a date with a clock as meant in the shop's ``zone``.

    ``order`` is ``"mdy"`` or ``"dmy"`` for files that write the year last; without it a date such
    as 3/4/2021 is refused. Numbers are Excel serials (1900 system) or Unix seconds/milliseconds.
    A clock time that a zone's summer change skips or repeats is read as the earlier offset.

    Raises ValueProblem: ``moment.blank``, ``moment.unreadable``, ``moment.impossible``,
    ``moment.ambiguous``, ``moment.out_of_range``, ``moment.unknown_zone``.
    """
    place = zone_named(zone) if isinstance(zone, str) else zone
    if isinstance(text, datetime):
        return _placed(text, place, date_only=False)
    if isinstance(text, date):
        midnight = datetime(text.year, text.month, text.day)  # noqa: DTZ001 - the shop's
        return _placed(midnight, place, date_only=True)
    calm = fold(str(text))
    if not calm or calm in ("-", "--", "n/a", "null", "none", "nan", "nat", "无") or _all_zero(calm):
        raise ValueProblem("moment.blank")
    if len(calm) > 60:
        raise ValueProblem("moment.unreadable")
    return _read(calm, place, order)


def _all_zero(calm: str) -> bool:
    return calm.startswith("0000-00-00") or calm.startswith("0000/00/00")


def _read(calm: str, place: tzinfo, order: str | None) -> Moment:
    if _EXCEL.match(calm):
        return _excel(calm, place)
    if _UNIX.match(calm):
        seconds = int(calm) / (1000 if len(calm) == 13 else 1)
        return _placed(datetime.fromtimestamp(seconds, UTC), place, date_only=False)
    calm, half = _without_words(calm)
    for pattern in (_YEAR_FIRST, _COMPACT):
        found = pattern.match(calm)
        if found:
            year, _, month, day, *clock = found.groups()
            return _built(int(year), int(month), int(day), clock, half, place)
    found = _YEAR_LAST.match(calm)
    if not found:
        raise ValueProblem("moment.unreadable")
    first, mark, second, year, *clock = found.groups()
    month, day = _ordered(int(first), int(second), "dmy" if mark == "." else order)
    return _built(int(year), month, day, clock, half, place)


def _without_words(calm: str) -> tuple[str, str]:
    """Rewrite Chinese units, month names and half-day words; return the text and the half."""
    half = ""
    found = _HALF_DAY.search(calm)
    if found:
        half = found[1].replace(".", "")
        calm = _HALF_DAY.sub(" ", calm, count=1).strip()
    calm = _WEEKDAY.sub(" ", calm).strip()
    if "年" in calm:
        calm = re.sub(r"\s*(?:年|月)\s*", "-", calm)
        calm = re.sub(r"\s*[日号]\s*", " ", calm)
        calm = re.sub(r"\s*(?:时|点|分)\s*", ":", calm)
        calm = re.sub(r"\s*秒\s*", "", calm).rstrip(": -")
        if re.search(r" \d{1,2}\Z", calm):
            calm += ":00"
    for pattern, month_at, day_at in ((_MONTH_FIRST, 1, 2), (_MONTH_SECOND, 2, 1)):
        found = pattern.match(calm)
        if found:
            month = _MONTHS.get(found[month_at][:3])
            if month is None:
                raise ValueProblem("moment.unreadable")
            calm = f"{found[3]}-{month}-{found[day_at]}{found[4]}"
    return calm, half


def _ordered(first: int, second: int, order: str | None) -> tuple[int, int]:
    """Month and day of a date with the year last."""
    if order == "mdy":
        return first, second
    if order == "dmy":
        return second, first
    if first == second or second > 12:
        return first, second
    if first > 12:
        return second, first
    raise ValueProblem("moment.ambiguous")


def _built(year: int, month: int, day: int, rest: list[str | None], half: str, place: tzinfo) -> Moment:
    hour, minute, second, fraction, offset = rest
    if year not in _YEARS:
        raise ValueProblem("moment.out_of_range", first=_YEARS.start, last=_YEARS.stop - 1)
    try:
        local = datetime(
            year, month, day, _hour(int(hour or 0), half), int(minute or 0), int(second or 0),
            int((fraction or "0")[:6].ljust(6, "0")), tzinfo=_offset(offset),
        )  # fmt: skip
    except ValueError:
        raise ValueProblem("moment.impossible") from None
    return _placed(local, place, date_only=hour is None)


def _hour(hour: int, half: str) -> int:
    if half in ("pm", "下午", "晚上") and hour < 12:
        return hour + 12
    if half == "中午" and hour < 3:
        return hour + 12
    if half in ("am", "上午", "凌晨", "早上") and hour == 12:
        return 0
    return hour


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    digits = re.sub(r"[^\d+-]", "", text)
    if not digits:
        return UTC
    number = digits[1:]
    hours, minutes = (int(number), 0) if len(number) <= 2 else (int(number[:-2]), int(number[-2:]))
    if minutes > 59:
        raise ValueError
    delta = timedelta(hours=hours, minutes=minutes)
    return timezone(-delta if digits[0] == "-" else delta)


def _excel(calm: str, place: tzinfo) -> Moment:
    whole, _, fraction = calm.partition(".")
    if not 10_000 <= int(whole) < 109_575:  # 1927 to 2199; less is a plain number by accident
        raise ValueProblem("moment.out_of_range", first=_YEARS.start, last=_YEARS.stop - 1)
    seconds = round(float("0." + (fraction or "0")) * 86_400)
    return _placed(_EXCEL_EPOCH + timedelta(days=int(whole), seconds=seconds), place, not fraction)


def _placed(value: datetime, place: tzinfo, date_only: bool) -> Moment:
    if value.year not in _YEARS:
        raise ValueProblem("moment.out_of_range", first=_YEARS.start, last=_YEARS.stop - 1)
    local = value.replace(tzinfo=place) if value.tzinfo is None else value.astimezone(place)
    return Moment(local.astimezone(UTC), local.date(), date_only)

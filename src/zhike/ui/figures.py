"""How figures and times are written: grouped by three in both languages, tabular, the exact moment always at hand."""

import datetime as dt
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from zhike.kit import clock
from zhike.kit.money import format_money
from zhike.ui.pieces import piece

_MINUS = "\N{MINUS SIGN}"


def number(value: int | float | Decimal | None, digits: int = 0) -> str:
    """1234567 → 1,234,567; None → an en dash."""
    if value is None:
        return "–"
    text = f"{abs(value):,.{digits}f}"
    return f"{_MINUS}{text}" if value < 0 else text


def money_text(cents: int | None, currency: str = "CNY") -> str:
    """Whole cents as money in the reader's language: (123450, "CNY") → ¥1,234.50; None → an en dash."""
    return "–" if cents is None else format_money(cents, currency, get_language() or "zh-hans")


def share_text(value: float | None, digits: int = 1) -> str:
    """0.1234 → 12.3%."""
    return "–" if value is None else f"{number(value * 100, digits)}%"


def span_text(seconds: float) -> str:
    """A length of time in its largest unit: 42 s, 3 min, 2 h, 5 days."""
    if seconds < 60:
        return gettext("%(n)d s") % {"n": round(seconds)}
    if seconds < 3600:
        return gettext("%(n)d min") % {"n": seconds // 60}
    if seconds < 86400:
        return gettext("%(n)d h") % {"n": seconds // 3600}
    days = int(seconds // 86400)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def moment_html(at: dt.datetime | None) -> SafeString | str:
    """A <time> said relatively, in the shop's zone, the exact moment in its title."""
    if at is None:
        return "–"
    here = _local(at)
    exact = f"{here:%Y-%m-%d %H:%M:%S} {here.tzname()}"
    return piece('<time datetime="{}" title="{}">{}</time>', here.isoformat(), exact, _relative(at, here))


def day_html(day: dt.date | None) -> SafeString | str:
    """A calendar day, the year left out within this year."""
    if day is None:
        return "–"
    if isinstance(day, dt.datetime):
        day = _local(day).date()
    return piece('<time datetime="{}" title="{}">{}</time>', day.isoformat(), day.isoformat(), _day_text(day))


def _local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(timezone.get_current_timezone())


def _day_text(day: dt.date) -> str:
    if isinstance(day, dt.datetime):
        day = day.date()
    return _day_words(day, day.year == _local(clock.now()).year, get_language())


@lru_cache(maxsize=4096)
def _day_words(day: dt.date, is_this_year: bool, language: str | None) -> str:
    """A page shows the same few days again and again; a format costs more than the rest of a cell."""
    return date_format(day, gettext("M j") if is_this_year else gettext("M j, Y"))


def _relative(at: dt.datetime, here: dt.datetime) -> str:
    seconds = (clock.now() - at).total_seconds()
    today = _local(clock.now()).date()
    if -60 < seconds < 60:
        return gettext("just now")
    if 0 <= seconds < 3600:
        return gettext("%(n)d min ago") % {"n": seconds // 60}
    if seconds >= 0 and here.date() == today:
        return gettext("%(n)d h ago") % {"n": seconds // 3600}
    if here.date() == today - dt.timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": f"{here:%H:%M}"}
    if seconds < 0:
        return f"{_day_text(here.date())} {here:%H:%M}"
    return _day_text(here.date())

"""Whose installation this is: the shop's name, time zone and currency, asked at first run."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhike.kit import clock
from zhike.kit.answering import once_a_page
from zhike.kit.models import InstallationRow


@dataclass(frozen=True)
class Installation:
    """The facts of the shop; `name` is empty before `zhike init`."""

    name: str
    time_zone: str
    currency: str


@once_a_page
def installation() -> Installation:
    """The installation as set up; before `zhike init` a nameless one in Asia/Shanghai and CNY."""
    row = InstallationRow.objects.filter(id=1).first()
    if row is None:
        return Installation("", "Asia/Shanghai", "CNY")
    return Installation(row.name, row.time_zone, row.currency)


def set_up(*, name: str, time_zone: str = "Asia/Shanghai", currency: str = "CNY") -> Installation:
    """Write or change the shop's facts. Raises ValueError for an unknown zone or currency code."""
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"unknown time zone {time_zone}") from None
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise ValueError(f"not a currency code: {currency}")
    facts = {"name": name, "time_zone": time_zone, "currency": currency}
    InstallationRow.objects.update_or_create(id=1, defaults=facts, create_defaults={**facts, "created_at": clock.now()})
    return installation()

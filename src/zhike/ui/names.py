"""Time zones and currencies by name, in the reader's language; codes stay where programs read them."""

from decimal import Decimal, InvalidOperation

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from zhike.kit.money import currency_sign, format_price

# Usual zones first, in the order a form offers them.
ZONES: dict[str, Promise] = {
    "Asia/Shanghai": _("China, Beijing time (UTC+8)"),
    "Asia/Hong_Kong": _("Hong Kong (UTC+8)"),
    "Asia/Taipei": _("Taipei (UTC+8)"),
    "Asia/Singapore": _("Singapore (UTC+8)"),
    "Asia/Tokyo": _("Tokyo (UTC+9)"),
    "Europe/London": _("London"),
    "America/New_York": _("New York"),
    "UTC": _("Coordinated universal time (UTC)"),
}
CURRENCIES: dict[str, Promise] = {
    "CNY": _("Chinese yuan"),
    "HKD": _("Hong Kong dollar"),
    "TWD": _("New Taiwan dollar"),
    "USD": _("US dollar"),
    "EUR": _("Euro"),
    "GBP": _("Pound sterling"),
    "JPY": _("Japanese yen"),
    "KRW": _("South Korean won"),
    "SGD": _("Singapore dollar"),
    "AUD": _("Australian dollar"),
    "CAD": _("Canadian dollar"),
}


def zone_name(code: str) -> str:
    """Asia/Shanghai → China, Beijing time (UTC+8); a zone without a name of ours is its city and its region."""
    if code in ZONES:
        return str(ZONES[code])
    region, _slash, city = code.replace("_", " ").rpartition("/")
    return gettext("%(city)s (%(region)s)") % {"city": city, "region": region.replace("/", ", ")} if region else city


def currency_name(code: str) -> str:
    """CNY → Chinese yuan (¥); a currency without a name of ours is its code."""
    if code not in CURRENCIES:
        return code
    sign = currency_sign(code, get_language() or "zh-hans").strip()
    return gettext("%(name)s (%(sign)s)") % {"name": CURRENCIES[code], "sign": sign}


def price_text(stated: str, currency: str) -> str:
    """The decimal text of a price for one piece as money in the reader's language, with as many places as it has."""
    try:
        return format_price(Decimal(stated), currency, get_language() or "zh-hans")
    except InvalidOperation:
        return stated or "–"

"""Amounts for the reader: integer cents in, text out."""

from decimal import Decimal

_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "JPY": "¥", "KRW": "₩"}
_WITHOUT_CENTS = {"JPY", "KRW", "VND"}


def format_money(cents: int, currency: str, locale: str = "zh-hans") -> str:
    """`¥1,234.50` from 123450 and CNY; currencies without minor units show none, unknown ones their code.

    Both languages of the product group by thousands with commas and a decimal point.
    """
    sign, symbol = "-" if cents < 0 else "", currency_sign(currency, locale)
    if currency in _WITHOUT_CENTS:
        return f"{sign}{symbol}{abs(cents):,}"
    return f"{sign}{symbol}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def format_price(amount: Decimal, currency: str, locale: str = "zh-hans") -> str:
    """`¥268.00` from 268 and CNY; a price finer than a cent keeps its places, `¥0.125`."""
    places = 0 if currency in _WITHOUT_CENTS else 2
    exact = amount.normalize().as_tuple().exponent
    places = max(places, -exact if isinstance(exact, int) else 0)
    sign = "-" if amount < 0 else ""
    return f"{sign}{currency_sign(currency, locale)}{abs(amount):,.{places}f}"


def currency_sign(currency: str, locale: str = "zh-hans") -> str:
    """What stands before an amount: ¥, CN¥ for readers of English, or the code and a space."""
    if currency == "CNY" and locale.startswith("en"):
        return "CN¥"
    return _SYMBOLS.get(currency, f"{currency} ")

"""Amounts for the reader: integer cents in, text out."""

_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$", "JPY": "¥", "KRW": "₩"}
_WITHOUT_CENTS = {"JPY", "KRW", "VND"}


def format_money(cents: int, currency: str, locale: str = "zh-hans") -> str:
    """`¥1,234.50` from 123450 and CNY; currencies without minor units show none, unknown ones their code.

    Both languages of the product group by thousands with commas and a decimal point.
    """
    sign = "-" if cents < 0 else ""
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    if currency == "CNY" and locale.startswith("en"):
        symbol = "CN¥"
    if currency in _WITHOUT_CENTS:
        return f"{sign}{symbol}{abs(cents):,}"
    return f"{sign}{symbol}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"

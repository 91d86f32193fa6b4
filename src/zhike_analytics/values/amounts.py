"""Amounts of money: text in many writings to whole cents and exact decimal text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import fold

_LIMIT = Decimal(10) ** 12
_CENT = Decimal("0.01")
_SIMPLE = re.compile(r"-?\d{1,12}(?:\.\d{1,2})?\Z")
_CURRENCY = re.compile(r"(?:rmb|cny|usd|hkd|eur|gbp|jpy|us\$|hk\$|nt\$|[¥￥$€£元圆块円]|人民币|港币|美元|港元)")
_DIGITS = re.compile(r"\d+\Z")
_GROUPED = {",": re.compile(r"\d{1,3}(?:,\d{3})+\Z"), ".": re.compile(r"\d{1,3}(?:\.\d{3})+\Z")}


@dataclass(frozen=True, slots=True)
class Amount:
    """cents: rounded half to even. text: the exact value as canonical decimal text
    (``-1234.5`` → ``"-1234.50"``, ``0.001`` → ``"0.001"``), to be kept for unit prices."""

    cents: int
    text: str


def amount(text: str | int | float | Decimal, decimal: str | None = None) -> Amount:
    """Read one amount.

    ``decimal`` is the decimal mark of the file (``"."`` or ``","``) when it is known. Without it
    ``1,234`` is read as 1234 and ``1.234`` is refused as ambiguous: files with prices of three
    decimals and files with dots between thousands both exist.

    Raises ValueProblem: ``amount.blank``, ``amount.invalid``, ``amount.ambiguous``,
    ``amount.absurd`` (beyond 10^12 units).
    """
    if isinstance(text, str):
        if _SIMPLE.match(text) and decimal != "," and text.isascii():
            return _made(Decimal(text))
        return _made(_read(text, decimal))
    if isinstance(text, bool):
        raise ValueProblem("amount.invalid")
    value = Decimal(repr(text)) if isinstance(text, float) else Decimal(text)
    if not value.is_finite():
        raise ValueProblem("amount.invalid")
    return _made(value)


def parse_amount(text: str, decimal: str | None = None) -> int:
    """The cents of :func:`amount`."""
    return amount(text, decimal).cents


def line_cents(unit_price_text: str, quantity: int | str | Decimal) -> int:
    """Cents of an order line: unit price × quantity, rounded once, half to even.

    Rounding the unit price first loses money: 1,000 pieces at 0.012 are 12.00, not 10.00.
    """
    return _cents(Decimal(unit_price_text) * Decimal(quantity))


def _made(value: Decimal) -> Amount:
    if abs(value) > _LIMIT:
        raise ValueProblem("amount.absurd", limit=int(_LIMIT))
    places = max(2, -int(value.normalize().as_tuple().exponent))
    if places > 12:
        raise ValueProblem("amount.invalid")
    value = value.quantize(Decimal(1).scaleb(-places)) + 0  # + 0 turns -0.00 into 0.00
    return Amount(_cents(value), str(value))


def _cents(value: Decimal) -> int:
    return int(value.quantize(_CENT, rounding=ROUND_HALF_EVEN).scaleb(2))


def _read(text: str, decimal: str | None) -> Decimal:
    if len(text) > 100:
        raise ValueProblem("amount.invalid")
    calm = _CURRENCY.sub("", fold(text)).strip()
    if not calm or calm in ("-", "--", "n/a", "无", "null"):
        raise ValueProblem("amount.blank")
    negative, calm = _sign(calm)
    scale = Decimal(1)
    for word, factor in (("亿", 10**8), ("万", 10**4)):
        if calm.endswith(word):
            calm, scale = calm[: -len(word)], Decimal(factor)
    # Blanks and apostrophes only ever separate thousands.
    calm = re.sub(r"(?<=\d)[ '’\u00a0\u202f](?=\d{3}(?!\d))", "", calm.strip())
    value = Decimal(_plain(calm, decimal)) * scale
    return -value if negative else value


def _sign(calm: str) -> tuple[bool, str]:
    if calm.startswith("(") and calm.endswith(")"):
        inner = calm[1:-1].strip()
        if inner[:1] in "+-":
            raise ValueProblem("amount.invalid")
        return True, inner
    if calm.startswith("-"):
        return True, calm[1:].strip()
    if calm.endswith("-"):
        return True, calm[:-1].strip()
    return False, calm[1:].strip() if calm.startswith("+") else calm


def _plain(calm: str, decimal: str | None) -> str:
    """The digits with a dot as decimal mark and no separators."""
    if decimal is None:
        decimal = _guess_mark(calm)
    elif decimal not in (".", ","):
        raise ValueProblem("amount.invalid", part="decimal")
    thousands = "," if decimal == "." else "."
    whole, mark, fraction = calm.partition(decimal)
    if thousands in whole and _GROUPED[thousands].match(whole):
        whole = whole.replace(thousands, "")
    whole = whole or ("0" if fraction else "")
    if not _DIGITS.match(whole) or (mark and fraction and not _DIGITS.match(fraction)):
        raise ValueProblem("amount.invalid")
    return f"{whole}.{fraction}" if fraction else whole


def _guess_mark(calm: str) -> str:
    comma, dot = calm.rfind(","), calm.rfind(".")
    if comma >= 0 and dot >= 0:
        return "," if comma > dot else "."
    if comma >= 0:
        return "." if _GROUPED[","].match(calm) and not calm.startswith("0") else ","
    if dot >= 0 and _GROUPED["."].match(calm) and not calm.startswith("0"):
        if calm.count(".") > 1:
            return ","
        raise ValueProblem("amount.ambiguous")
    return "."

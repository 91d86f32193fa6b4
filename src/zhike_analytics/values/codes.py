"""Numbers with a check digit: identity cards, organization codes, bank cards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhike_analytics.values.problem import ValueProblem
from zhike_analytics.values.text import fold

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {letter: value for value, letter in enumerate(_USCC_LETTERS)}
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
_ID18, _ID15 = re.compile(r"\d{17}[\dX]\Z"), re.compile(r"\d{15}\Z")
_USCC = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}\Z")
_CARD = re.compile(r"\d{12,19}\Z")


@dataclass(frozen=True, slots=True)
class IdCard:
    """GB 11643 identity number, 18 characters. region_known is soft: abolished regions stay
    valid on cards. foreign: a foreigner's permanent residence card of the 2023 form."""

    number: str
    birth_date: date
    sex: str
    region_code: str
    region_known: bool
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Uscc:
    """GB 32100 unified social credit code; organization is its GB 11714 part (9 characters),
    organization_ok whether that part's own check character fits (soft: old issues differ)."""

    number: str
    organization: str
    organization_ok: bool


@dataclass(frozen=True, slots=True)
class BankCard:
    """A card number is never kept: only its tail. luhn_ok is a warning, not a refusal."""

    tail4: str
    length: int
    luhn_ok: bool


def id_card(text: str, today: date | None = None) -> IdCard:
    """Check and normalize a resident identity number; 15 digits become 18.

    Formula: ISO 7064 MOD 11-2. ``today`` refuses births in the future; without it years up to
    2200 pass. Raises ValueProblem: ``id_card.malformed``, ``id_card.birth_date``,
    ``id_card.check_digit``.
    """
    number = fold(text).replace(" ", "").replace("-", "").upper()
    if _ID15.match(number):
        number = number[:6] + "19" + number[6:]
        number += id_check(number)
    elif not _ID18.match(number) or not number.isascii():
        raise ValueProblem("id_card.malformed")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ValueProblem("id_card.birth_date") from None
    if born.year < 1850 or (today is not None and born > today) or born.year > 2200:
        raise ValueProblem("id_card.birth_date")
    if id_check(number[:17]) != number[17]:
        raise ValueProblem("id_card.check_digit")
    sex = "male" if int(number[16]) % 2 else "female"
    foreign = number[0] == "9"
    return IdCard(number, born, sex, number[:6], number[:2] in _PROVINCES, foreign)


def id_check(first17: str) -> str:
    """The check character of 17 digits (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def uscc(text: str) -> Uscc:
    """Check and normalize a unified social credit code.

    Raises ValueProblem: ``uscc.malformed``, ``uscc.check_digit``.
    """
    number = fold(text).replace(" ", "").replace("-", "").upper()
    if not _USCC.match(number):
        raise ValueProblem("uscc.malformed")
    if uscc_check(number[:17]) != number[17]:
        raise ValueProblem("uscc.check_digit")
    organization = number[8:17]
    return Uscc(number, organization, organization_check(organization[:8]) == organization[8])


def uscc_check(first17: str) -> str:
    """The check character of 17 characters: (31 − Σ value·3^i mod 31) mod 31 (GB 32100)."""
    total = sum(_USCC_VALUE[letter] * pow(3, place, 31) for place, letter in enumerate(first17))
    return _USCC_LETTERS[(31 - total % 31) % 31]


def organization_check(first8: str) -> str:
    """The check character of an organization code: 11 − Σ mod 11, 10 → X, 11 → 0 (GB 11714)."""
    total = sum(int(letter, 36) * weight for letter, weight in zip(first8, _ORG_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def bank_card(text: str) -> BankCard:
    """Read a card number and keep its last four digits only.

    Raises ValueProblem: ``bank_card.malformed`` (not 12 to 19 digits, or all equal).
    """
    number = fold(text).replace(" ", "").replace("-", "")
    if not _CARD.match(number) or len(set(number)) == 1:
        raise ValueProblem("bank_card.malformed")
    return BankCard(number[-4:], len(number), luhn_ok(number))


def luhn_ok(digits: str) -> bool:
    """Whether a string of digits satisfies Luhn. All zeros do; 09↔90 is not noticed."""
    from stdnum import luhn

    return luhn.is_valid(digits)

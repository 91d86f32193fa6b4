"""What is compared, and the levels of likeness, the most telling first. Conditions are DuckDB SQL over `…_l` and `…_r`.

Each comparison speaks of one thing: the readings of a name, the levels of an address are levels of one comparison, so
that nothing is counted twice. What is missing on either side weighs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

LEVEL_ELSE = "other"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of likeness; `rarity` names the column whose frequent values weigh less."""

    code: str
    condition: str
    rarity: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A thing compared: `missing` is the condition under which nothing can be said."""

    code: str
    missing: str
    levels: tuple[Level, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all levels, the last one meaning: nothing of it agrees."""
        return (*(level.code for level in self.levels), LEVEL_ELSE)


def _either_missing(column: str) -> str:
    return f'"{column}_l" IS NULL OR "{column}_r" IS NULL'


def _same(column: str) -> str:
    return f'"{column}_l" = "{column}_r"'


def _one_slip(column: str) -> str:
    """As long, and one sign other or two neighbors exchanged. What differs in more than two places need not be looked at closer."""
    left, right = f"{column}_l", f"{column}_r"
    near = f"CASE WHEN length({left}) = length({right}) THEN hamming({left}, {right}) <= 2 ELSE false END"
    return f"{near} AND damerau_levenshtein({left}, {right}) = 1"


# One slip leaves an end of a name of six letters or more as it is.
_ENDS_AGREE = "abs(length(local_l) - length(local_r)) <= 1 AND (left(local_l, 2) = left(local_r, 2) OR right(local_l, 3) = right(local_r, 3))"
_LATIN = "NOT (is_han_l AND is_han_r)"
_ONE_APART = (
    "levenshtein(coded_l, coded_r) <= 1 AND ((length(coded_l) = length(coded_r) AND length(coded_l) >= 3) "
    "OR (length(coded_l) <> length(coded_r) AND surname_l = surname_r))"
)
_HOUSE_NEAR = (
    "(city_l = city_r OR city_l IS NULL OR city_r IS NULL) AND ((length(detail_l) >= 6 AND abs(length(detail_l) - length(detail_r)) <= 2 AND levenshtein(detail_l, detail_r) <= 2)"
    " OR (numbers_l = numbers_r AND jaro_winkler_similarity(detail_l, detail_r) >= 0.85))"
)

NAME = Comparison(
    "name",
    _either_missing("name"),
    (
        Level("exact", _same("name"), rarity="name"),
        Level("reading", _same("reading"), rarity="reading"),
        Level("order", _same("turned"), rarity="turned"),
        Level("sound", _same("sound")),
        Level("one_character", _ONE_APART),
        Level("typing", f"{_LATIN} AND jaro_winkler_similarity(turned_l, turned_r) >= 0.93"),
        Level("similar", f"{_LATIN} AND jaro_winkler_similarity(turned_l, turned_r) >= 0.84"),
        Level("surname", _same("surname")),
    ),
)
PHONE = Comparison(
    "phone",
    _either_missing("phone"),
    (
        Level("exact", "phone_l = phone_r OR list_has_any(phones_l, phones_r)", rarity="phone"),
        Level("last_eight", "right(phone_l, 8) = right(phone_r, 8) AND length(phone_l) >= 8 AND length(phone_r) >= 8"),
        Level("one_digit", _one_slip("phone")),
    ),
)
EMAIL = Comparison(
    "email",
    _either_missing("email"),
    (
        Level("exact", _same("email"), rarity="email"),
        Level("local_part", "local_l = local_r AND length(local_l) >= 5"),
        Level("typing", f"length(local_l) >= 6 AND {_ENDS_AGREE} AND damerau_levenshtein(local_l, local_r) <= 1"),
    ),
)
ADDRESS = Comparison(
    "address",
    "coalesce(detail_l, district_l, city_l, province_l) IS NULL OR coalesce(detail_r, district_r, city_r, province_r) IS NULL",
    (
        Level(
            "detail", "detail_l = detail_r AND (city_l = city_r OR city_l IS NULL OR city_r IS NULL)", rarity="detail"
        ),
        Level("detail_near", _HOUSE_NEAR),
        Level("street", "jaro_winkler_similarity(detail_l, detail_r) >= 0.9"),
        Level("district", "district_l = district_r AND city_l = city_r"),
        Level("city", _same("city")),
        Level("province", _same("province")),
    ),
)
BIRTH_DAY = Comparison(
    "birth_date",
    _either_missing("day"),
    (
        Level("exact", _same("day")),
        Level("typing", _one_slip("day")),
        Level("turned", "left(day_l, 4) = left(day_r, 4) AND substr(day_l, 6, 2) = substr(day_r, 9, 2) AND substr(day_l, 9, 2) = substr(day_r, 6, 2)"),
        Level("month_and_day", "right(day_l, 5) = right(day_r, 5)"),
        Level("year", "left(day_l, 4) = left(day_r, 4)"),
    ),
)  # fmt: skip
EMPLOYER = Comparison(
    "employer",
    _either_missing("employer"),
    (
        Level("exact", _same("employer"), rarity="employer"),
        Level("similar", "jaro_winkler_similarity(employer_l, employer_r) >= 0.9 OR (length(employer_l) >= 4 AND length(employer_r) >= 4 AND (contains(employer_l, employer_r) OR contains(employer_r, employer_l)))"),
    ),
)  # fmt: skip
_KINDS = "list_transform(handles_{0}, lambda h: split_part(h, ':', 1))"
HANDLES = Comparison(
    "handles",
    f"{_either_missing('handles')} OR NOT list_has_any({_KINDS.format('l')}, {_KINDS.format('r')})",
    (Level("exact", "list_has_any(handles_l, handles_r)"),),
)
SEX = Comparison("sex", _either_missing("sex"), (Level("exact", _same("sex")),))

COMPARISONS = (NAME, PHONE, EMAIL, ADDRESS, BIRTH_DAY, EMPLOYER, HANDLES, SEX)
BY_CODE = {c.code: c for c in COMPARISONS}

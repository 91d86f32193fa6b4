"""File numbers 档案编号: written by a pattern, never given twice.

A pattern is made of capital letters, digits, hyphens and the parts {kind} (P person, E enterprise), {region} (two digits of
the province, 00 unknown), {year}, {serial} and {check} (a letter). The serial is the customer's own id, at least seven
digits, and the last run of digits in the number; so two numbers are the same only when they are one customer's, whatever
patterns were in force when they were given.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from zhike.customers.models import Customer, NumberingScheme

DEFAULT = "K{serial}"
KINDS = ("person", "organisation")
_PARTS = re.compile(r"\{(kind|region|year|serial|check)\}")
_LITERAL = re.compile(r"[A-Z0-9-]*")
_CHECK = "ABCDEFGHJKLMNPQRSTUVWXY"  # 23 letters, none that reads as a digit
_LETTER = {"person": "P", "organisation": "E"}
_LONGEST = 24
# The first two digits of the areas of GB/T 2260.
_REGIONS = dict(
    re.findall(
        r"(\D\D)(\d\d)",
        "北京11天津12河北13山西14内蒙15辽宁21吉林22黑龙23上海31江苏32浙江33安徽34福建35江西36山东37"
        "河南41湖北42湖南43广东44广西45海南46重庆50四川51贵州52云南53西藏54陕西61甘肃62青海63宁夏64新疆65台湾71香港81澳门82",
    )
)


class PatternRefused(ValueError):
    """A pattern that cannot be; `code` is parts, letters, start, serial, long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Schemes:
    """The patterns in force: by kind and source, read once a batch."""

    patterns: Mapping[tuple[str, int | None], str]

    def number(self, customer_id: int, kind: str, at: dt.datetime, *, source_id: int | None, province: str = "") -> str:
        """The number of a new customer."""
        pattern = self.patterns.get((kind, source_id)) or self.patterns.get((kind, None)) or DEFAULT
        return written(pattern, customer_id, kind, at, province)


def schemes() -> Schemes:
    """The patterns in force now."""
    rows = NumberingScheme.objects.order_by("id").values_list("kind", "source_id", "pattern")
    return Schemes({(kind, source_id): pattern for kind, source_id, pattern in rows})


def written(pattern: str, customer_id: int, kind: str, at: dt.datetime, province: str = "") -> str:
    """A number by a pattern: `written("P{year}-{serial}", 123, …)` is `P2026-0000123`."""
    if pattern == DEFAULT:  # nearly always, and an import writes thousands a second
        return f"K{customer_id:07d}"
    parts = {
        "kind": _LETTER.get(kind, "P"),
        "region": _REGIONS.get(province[:2], "00"),
        "year": f"{at:%Y}",
        "serial": f"{customer_id:07d}",
        "check": _CHECK[customer_id % len(_CHECK)],
    }
    return _PARTS.sub(lambda found: parts[found[1]], pattern)


def refuse_bad(pattern: str) -> None:
    """Raise PatternRefused unless every number the pattern will ever write is unique and fits."""
    if len(re.findall(r"\{serial\}", pattern)) != 1:
        raise PatternRefused("serial")
    literals = _PARTS.split(pattern)[::2]
    if any(_LITERAL.fullmatch(part) is None for part in literals):
        raise PatternRefused("letters")
    if not re.match(r"[A-Z]|\{kind\}", pattern):
        raise PatternRefused("start")
    before, after = pattern.split("{serial}")
    # The serial must be the last run of digits, and no digit may touch it.
    if not re.search(r"([A-Z-]|\{kind\}|\{check\})\Z", before) or re.search(r"\d|\{year\}|\{region\}", after):
        raise PatternRefused("serial")
    sample = written(pattern, 10**11, "person", dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    if len(sample) > _LONGEST:
        raise PatternRefused("long")


def of_number(typed: str) -> Q:
    """The condition on customers that a typed number means: as written, or K with fewer noughts."""
    calm = typed.strip().upper()
    short = re.fullmatch(r"K(\d{1,18})", calm)
    return Q(number__in={calm, f"K{int(short[1]):07d}"}) if short else Q(number=calm)


def looks_like(typed: str) -> bool:
    """Whether a text can be a file number: begins with a letter, holds digits, letters and hyphens, and a serial."""
    return re.fullmatch(r"[A-Za-z][A-Za-z0-9-]{1,23}", typed.strip()) is not None and bool(
        re.search(r"\d{1,18}[A-Za-z-]*\Z", typed.strip())
    )


def customer_of(address: str) -> int | None:
    """The root behind a file number, or behind the id in an address."""
    found = Customer.objects.filter(public_id=address).values_list("root_id", flat=True).first()
    if found is None and len(address) <= _LONGEST:
        found = Customer.objects.filter(of_number(address)).values_list("root_id", flat=True).first()
    return found

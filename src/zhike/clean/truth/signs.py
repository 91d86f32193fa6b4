"""Signs that records were made up at a desk: rules anybody can read and check by hand. Pure: records in, signs out.

A sign proves nothing; it says where to look. What is told of it are counts, never values.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

PACE_RECORDS, PACE_MINUTES = 10, 30  # so many records within so many minutes: nobody visits at that pace
RUN_OF_DIGITS = 5  # equal digits in a row, or each one more (or one less) than the one before
BLOCK_DIGITS, BLOCK_RECORDS = 8, 3  # telephones that begin with the same eight digits: a block of a thousand numbers
SAME_FIELDS, SAME_RECORDS = 3, 3  # so many records that say the same in all of at least so many fields
ROUND_RECORDS, ROUND_SHARE, ROUND_MINUTES = 5, 0.8, 1  # noted on the hour or half hour, give or take a minute
EQUAL_RECORDS = 8  # every one of so many records gives the same answer to a question
# Whom a record is about, and where they live: that these differ is no answer, that places agree no wonder.
_WHO = frozenset(
    {"name", "phone", "other_phone", "email", "wechat", "qq", "nickname", "platform_id", "credit_code", "company"}
)
_WHERE = frozenset({"country", "province", "city", "district", "postcode", "address_detail"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it is looked at: when it was noted (local time), what it states by field, its telephone's digits."""

    record_id: int
    at: dt.datetime
    values: Mapping[str, Hashable]
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign, the records that bear it, and the counts of its sentence."""

    code: str
    record_ids: tuple[int, ...]
    params: Mapping[str, Any] = field(default_factory=dict)


def signs(entries: Sequence[Entry]) -> list[Sign]:
    """Every sign in the records of one collector, in the order of the rules."""
    return [sign for rule in RULES for sign in rule(sorted(entries, key=lambda e: (e.at, e.record_id)))]


def pace(entries: Sequence[Entry]) -> list[Sign]:
    """`pace`: the busiest stretch of 30 minutes holds ten records or more."""
    best: list[Entry] = []
    start = 0
    for end, entry in enumerate(entries):
        while entry.at - entries[start].at > dt.timedelta(minutes=PACE_MINUTES):
            start += 1
        if end - start + 1 > len(best):
            best = list(entries[start : end + 1])
    if len(best) < PACE_RECORDS:
        return []
    return [Sign("pace", _ids(best), {"count": len(best), "minutes": PACE_MINUTES})]


def phone_pattern(entries: Sequence[Entry]) -> list[Sign]:
    """`phone_pattern`: telephones like 13800000000 or 13512345678, easily made up and seldom given out."""
    odd = [e for e in entries if has_pattern(e.phone)]
    return [Sign("phone_pattern", _ids(odd), {"count": len(odd)})] if odd else []


def has_pattern(phone: str) -> bool:
    """Five equal digits in a row, or five that run up or down."""
    steps = [int(b) - int(a) for a, b in pairwise(phone)]
    wanted = RUN_OF_DIGITS - 1
    runs = (steps[at : at + wanted] for at in range(len(steps) - wanted + 1))
    return any(len(set(run)) == 1 and run[0] in (-1, 0, 1) for run in runs)


def phone_block(entries: Sequence[Entry]) -> list[Sign]:
    """`phone_block`: telephones of one block of a thousand numbers."""
    blocks = _grouped([e for e in entries if len(e.phone) == 11], lambda e: e.phone[:BLOCK_DIGITS])
    return [Sign("phone_block", _ids(g), {"count": len(g)}) for g in blocks if len(g) >= BLOCK_RECORDS]


def same_contents(entries: Sequence[Entry]) -> list[Sign]:
    """`same_contents`: records that agree in everything but whom they are about."""

    def contents(entry: Entry) -> Hashable:
        return frozenset((n, v) for n, v in entry.values.items() if n not in _WHO)

    found = []
    for group in _grouped(entries, contents):
        count = len([n for n in group[0].values if n not in _WHO])
        if len(group) >= SAME_RECORDS and count >= SAME_FIELDS:
            found.append(Sign("same_contents", _ids(group), {"count": len(group), "fields": count}))
    return found


def round_hours(entries: Sequence[Entry]) -> list[Sign]:
    """`round_hours`: most were noted on the very hour or half hour."""
    on_time = [e for e in entries if min(e.at.minute % 30, 30 - e.at.minute % 30) <= ROUND_MINUTES]
    if len(entries) < ROUND_RECORDS or len(on_time) < ROUND_SHARE * len(entries):
        return []
    return [Sign("round_hours", _ids(on_time), {"count": len(on_time), "of": len(entries)})]


def all_equal(entries: Sequence[Entry]) -> list[Sign]:
    """`all_equal`: a question everybody is said to have answered alike."""
    answers: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        for name in entry.values:
            if name not in _WHO and name not in _WHERE:
                answers[name].append(entry)
    return [
        Sign("all_equal", _ids(told), {"count": len(told), "field": name})
        for name, told in sorted(answers.items())
        if len(told) >= EQUAL_RECORDS and len({e.values[name] for e in told}) == 1
    ]


RULES: tuple[Callable[[Sequence[Entry]], list[Sign]], ...] = (
    pace, phone_pattern, phone_block, same_contents, round_hours, all_equal
)  # fmt: skip


def _ids(entries: Sequence[Entry]) -> tuple[int, ...]:
    return tuple(e.record_id for e in entries)


def _grouped(entries: Sequence[Entry], key: Callable[[Entry], Hashable]) -> list[list[Entry]]:
    groups: dict[Hashable, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[key(entry)].append(entry)
    return list(groups.values())

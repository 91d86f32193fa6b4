"""Which of the competing values a file shows: pure rules over the live versions of a customer's records.

The card holds the result and, per field, the version it came from. Asking "why this value" runs these very
rules again, so the answer and the card cannot differ.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

RULES_VERSION = 2  # 2: what our staff verified weighs; `customers.jobs.derive_all` brings cards of older rules up to it
CLEARED = None  # the house says: this field is empty
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What our staff found when they asked whether a value is right, and when."""

    is_right: bool
    at: dt.datetime


_NONE: Mapping[str, Verdict] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """A version nobody has withdrawn, with what the rules weigh.

    `verdicts` are those on the values this version states, by field. `origin` tells independent sources apart: the
    shops of one platform have one origin.
    """

    id: int
    source_record_id: int
    source_id: int
    trust_grade: int
    is_house: bool
    as_of: dt.datetime
    facts: Mapping[str, Any]
    verdicts: Mapping[str, Verdict] = dataclasses.field(default_factory=lambda: _NONE)
    origin: str = ""


Rank = tuple[int, dt.datetime, int, dt.datetime, int]


def rank(version: LiveVersion, field: str) -> Rank:
    """What decides between versions that state a field, the greatest first.

    1. A value found wrong never stands. 2. What our own staff decided stands above what sources say: a value entered or
    found right; of two such acts the later. 3. The buyer's own word above what an order says of a receiver. 4. Trust.
    5. The newer statement. 6. The later version. How many sources agree does not weigh: many copies of an old number
    would outvote the new one.
    """
    verdict = version.verdicts.get(field)
    if verdict is not None and not verdict.is_right:
        return (-1, _NEVER, version.trust_grade, version.as_of, version.id)
    if verdict is not None or version.is_house:
        acts = ([verdict.at] if verdict else []) + ([version.as_of] if version.is_house else [])
        return (2, max(acts), version.trust_grade, version.as_of, version.id)
    weak = field in version.facts.get("_weak", ())
    return (0 if weak else 1, _NEVER, version.trust_grade, version.as_of, version.id)


def golden(versions: Iterable[LiveVersion]) -> dict[str, tuple[int, Any]]:
    """For each field any version states: the winning version's id and its value. Cleared fields are left out."""
    live = list(versions)
    if len(live) == 1 and not live[0].verdicts:  # most customers: nothing competes
        only = live[0]
        return {
            field: (only.id, value)
            for field, value in only.facts.items()
            if value is not CLEARED and not field.startswith("_")
        }
    best: dict[str, tuple[Rank, int, Any]] = {}
    for version in live:
        # Of a source nobody judged and that calls nothing weak, every field weighs the same.
        same = None if version.verdicts or version.is_house or "_weak" in version.facts else rank(version, "")
        for field, value in version.facts.items():
            if field.startswith("_"):
                continue
            weight = same or rank(version, field)
            if weight[0] >= 0 and (field not in best or weight > best[field][0]):
                best[field] = (weight, version.id, value)
    return {field: (version_id, value) for field, (_, version_id, value) in best.items() if value is not CLEARED}


def contenders(versions: Iterable[LiveVersion], field: str) -> list[tuple[LiveVersion, str]]:
    """Every version that states the field, the winner first, each with the code of what decided against the winner.

    Codes: `won`, `refuted` (found wrong: it never stands), `verified` (the value shown was found right, or found right
    later), `house` (the house record stands above sources), `own` (a buyer's own word above a receiver's), `trust`,
    `older`, `same` (states the same value), `tie` (same moment and trust: the later version stands). Where everything
    stated was found wrong, nothing has won.
    """
    stating = sorted((v for v in versions if field in v.facts), key=lambda v: rank(v, field), reverse=True)
    if not stating:
        return []
    winner = stating[0]
    won = rank(winner, field)
    told = [(winner, "won" if won[0] >= 0 else "refuted")]
    return told + [(version, _lost(version, winner, field, won)) for version in stating[1:]]


def _lost(version: LiveVersion, winner: LiveVersion, field: str, won: Rank) -> str:
    mine = rank(version, field)
    if mine[0] < 0:
        return "refuted"
    if version.facts[field] == winner.facts[field]:
        return "same"
    if mine[:2] != won[:2]:
        if won[0] < 2:
            return "own"
        verdict = winner.verdicts.get(field)
        return "verified" if verdict is not None and verdict.at == won[1] else "house"
    return "trust" if mine[2] != won[2] else "older" if mine[3] != won[3] else "tie"

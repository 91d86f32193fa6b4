"""Which of the competing values a file shows: pure rules over the live versions of a customer's records.

The card holds the result and, per field, the version it came from. Asking "why this value" runs these very
rules again, so the answer and the card cannot differ.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

RULES_VERSION = 1
CLEARED = None  # the house says: this field is empty


@dataclass(frozen=True, slots=True)
class LiveVersion:
    """A version nobody has withdrawn, with what the rules weigh."""

    id: int
    source_record_id: int
    source_id: int
    trust_grade: int
    is_house: bool
    as_of: dt.datetime
    facts: Mapping[str, Any]


def rank(version: LiveVersion, field: str) -> tuple[int, int, dt.datetime, int]:
    """What decides between versions that state a field: house first, then trust, then recency, then the later version.

    A receiver's name on an order is weaker than a name the buyer gave of themselves.
    """
    weak = field in version.facts.get("_weak", ())
    return (2 if version.is_house else 0 if weak else 1, version.trust_grade, version.as_of, version.id)


def golden(versions: Iterable[LiveVersion]) -> dict[str, tuple[int, Any]]:
    """For each field any version states: the winning version's id and its value. Cleared fields are left out."""
    live = list(versions)
    if len(live) == 1:  # most customers: nothing competes
        only = live[0]
        return {
            field: (only.id, value)
            for field, value in only.facts.items()
            if value is not CLEARED and not field.startswith("_")
        }
    best: dict[str, tuple[tuple[int, int, dt.datetime, int], int, Any]] = {}
    for version in live:
        for field, value in version.facts.items():
            if field.startswith("_"):
                continue
            weight = rank(version, field)
            if field not in best or weight > best[field][0]:
                best[field] = (weight, version.id, value)
    return {field: (version_id, value) for field, (_, version_id, value) in best.items() if value is not CLEARED}


def contenders(versions: Iterable[LiveVersion], field: str) -> list[tuple[LiveVersion, str]]:
    """Every version that states the field, the winner first, each with the code of what decided against the winner.

    Codes: `won`, `house` (the house record stands above sources), `own` (a buyer's own word above a receiver's),
    `trust`, `older`, `same` (states the same value), `tie` (same moment and trust: the later version stands).
    """
    stating = sorted((v for v in versions if field in v.facts), key=lambda v: rank(v, field), reverse=True)
    if not stating:
        return []
    winner = stating[0]
    won = rank(winner, field)
    told = [(winner, "won")]
    for version in stating[1:]:
        mine = rank(version, field)
        if version.facts[field] == winner.facts[field]:
            why = "same"
        elif mine[0] != won[0]:
            why = "house" if winner.is_house else "own"
        else:
            why = "trust" if mine[1] != won[1] else "older" if mine[2] != won[2] else "tie"
        told.append((version, why))
    return told

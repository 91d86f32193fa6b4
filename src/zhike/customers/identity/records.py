"""What crosses the door about merges and moves."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhike.customers.records import TimelineItem


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge did: the roots of both sides as they were; the survivor is the root of both now."""

    merge_id: int
    absorbed_id: int
    survivor_id: int


@dataclass(frozen=True, slots=True)
class Unmerged:
    """What taking apart did: the root of what came off, and the root it was taken from."""

    merge_id: int
    restored_id: int
    remaining_id: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A source record moved between two files, by their roots."""

    link_id: int
    record_id: int
    from_id: int
    to_id: int


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """A merge in a file's history, as one viewer may know of it."""

    id: int
    absorbed_id: int
    absorbed_number: str
    absorbed_name: str  # what its own sources say, as the viewer may see it; empty outside the viewer's scope
    survivor_id: int
    survivor_number: str
    why: str
    evidence: Mapping[str, Any]
    by_staff_id: int | None
    is_by_machine: bool
    at: dt.datetime
    undone_at: dt.datetime | None
    undone_by_staff_id: int | None


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """A source record on a file: which source, since when, how it came here, and the move that can be taken back."""

    id: int
    source_id: int
    source_name: str
    is_house: bool
    customer_number: str  # of the customer of the merged group on which it stands
    created_at: dt.datetime
    joined_why: str  # why it joined at arrival (same_phone …); empty for the first record of its file
    moved_link_id: int | None  # the newest move by hand that stands
    moved_at: dt.datetime | None
    moved_by_staff_id: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a merge that may be taken apart: whose file it will be, its records, and what came on it since."""

    customer_id: int
    number: str
    name: str
    record_ids: tuple[int, ...]
    counts: Mapping[str, int]  # statement, edit, contact, attachment, record → how many came since the merge
    items: tuple[TimelineItem, ...]  # the newest of them


@dataclass(frozen=True, slots=True)
class SinceMerge:
    """What came since a merge, by the file on which it will lie once the merge is taken apart."""

    merge: MergeFacts
    restored: Side
    remaining: Side

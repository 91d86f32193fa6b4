"""Segments as pages and other modules see them."""

import datetime as dt
from dataclasses import dataclass

from zhike.customers.segments.rule import Node


@dataclass(frozen=True, slots=True)
class SegmentFacts:
    """A segment as one viewer may see it. `rule` is None where it stands on something hidden from them.

    `member_count` and `base_count` are counted among the customers the viewer may see.
    """

    id: int
    public_id: str
    name: str
    note: str
    sharing: str
    by_staff_id: int | None
    revision: int
    counted_revision: int
    member_count: int
    base_count: int
    data_at: dt.datetime | None
    run_id: int | None
    rule: Node | None
    may_edit: bool
    created_at: dt.datetime
    updated_at: dt.datetime

    @property
    def is_counted(self) -> bool:
        """Whether the members are those of the rule as it stands."""
        return self.counted_revision == self.revision


@dataclass(frozen=True, slots=True)
class SegmentRunFacts:
    """One count of a segment."""

    id: int
    public_id: str
    revision: int
    as_of: dt.date
    data_at: dt.datetime
    member_count: int
    base_count: int
    came_count: int
    left_count: int
    currency: str
    made_at: dt.datetime

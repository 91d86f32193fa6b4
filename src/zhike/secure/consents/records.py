"""What crosses the door of consent."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it was recorded. What the evidence says is not here: it leaves through the audited reveal."""

    id: int
    subject_id: int
    purpose: str
    answer: str  # given, withdrawn
    way: str
    at: dt.datetime
    until: dt.datetime | None
    recorded_at: dt.datetime
    by_staff_id: int | None
    notice_id: int | None
    notice_version: int | None
    language: str
    has_evidence: bool
    proof_kind: str
    proof_id: int | None
    is_taken_back: bool = False  # with the import that brought it in: it counts for nothing


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a person and a purpose: the state, whether the purpose may be followed, and whose answer decides."""

    purpose: str
    state: str  # given, withdrawn, lapsed, unknown
    is_allowed: bool
    decided_by: Answer | None
    restricting: tuple[int, ...]  # subjects of the group whose own answer is a withdrawal

"""What crosses the door of consent."""

import datetime as dt
from dataclasses import dataclass

from zhike.secure.consents.rules import stands_from


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

    @property
    def stands_from(self) -> dt.datetime:
        """The moment from which it counts: of a withdrawal noted later than it was said, when it became known."""
        return stands_from(self.answer, self.way, self.at, self.recorded_at)

    @property
    def is_noted_later(self) -> bool:
        """A withdrawal noted a day or more after it was said."""
        return self.stands_from - self.at >= dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a person and a purpose: the state, whether the purpose may be followed, and whose answer decides."""

    purpose: str
    state: str  # given, withdrawn, lapsed, unknown
    is_allowed: bool
    decided_by: Answer | None
    restricting: tuple[int, ...]  # subjects of the group whose own answer is a withdrawal

"""What the customers module announces."""

from dataclasses import dataclass

from zhike.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class SourceRecorded(Event):
    """A run's statements about customers are recorded; one event for the whole run."""

    run_id: int


@dataclass(frozen=True, kw_only=True)
class StageChanged(Event):
    """Customers came to a stage of the funnel: at most 1,000 an event. `why` is hand, rule, order or undone.

    `reason` is the coded reason for loss where one was given. Moves that follow from old files are `is_backfill`.
    """

    customer_ids: tuple[int, ...]
    stage: str
    why: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SegmentDefined(Event):
    """A segment was made, its rule changed, or it was removed: its members have to be found anew."""

    segment_id: int


@dataclass(frozen=True, kw_only=True)
class SegmentChanged(Event):
    """A segment was counted: so many came, so many left since the count before."""

    segment_id: int
    run_id: int
    came_count: int
    left_count: int


@dataclass(frozen=True, kw_only=True)
class ConsentsChanged(Event):
    """Customers answered to these purposes, or what they had answered lapsed or was taken back: what holds may be other now."""

    purposes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(Event):
    """Customers were absorbed (`absorbed_ids`, roots until then) by those that are roots now."""

    merge_ids: tuple[int, ...]
    absorbed_ids: tuple[int, ...]
    root_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(Event):
    """Merges were taken apart: these are the roots there are now of what was one file."""

    merge_ids: tuple[int, ...]
    root_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class RecordMoved(Event):
    """Source records were moved by hand to another file, or a move was taken back; `root_ids`: the files on both sides."""

    link_ids: tuple[int, ...]
    record_ids: tuple[int, ...]
    root_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ValueVerified(Event):
    """Somebody found out whether values of a field are right; `is_settled`: one of them is, so nothing is left to ask."""

    customer_id: int
    field: str
    is_settled: bool

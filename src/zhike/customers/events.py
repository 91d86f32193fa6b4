"""What the customers module announces."""

from dataclasses import dataclass

from zhike.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class SourceRecorded(Event):
    """A run's statements about customers are recorded; one event for the whole run."""

    run_id: int

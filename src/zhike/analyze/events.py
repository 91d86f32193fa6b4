"""What the analyze module announces."""

from dataclasses import dataclass

from zhike.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class AnalysisFinished(Event):
    """A run has ended well and its metrics stand on the customers."""

    run_id: int
    kind: str

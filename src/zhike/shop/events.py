"""What the shop announces."""

from dataclasses import dataclass

from zhike.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class OrdersRecorded(Event):
    """A run's orders are recorded and counted; one event for the whole run, however many orders."""

    run_id: int

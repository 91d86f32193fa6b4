"""What `reach` announces."""

from dataclasses import dataclass

from zhike.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class MessageEnded(Event):
    """A message came to its end: sent, refused, bounced, failed, unknown or cancelled."""

    message_id: int
    state: str
    why: str = ""

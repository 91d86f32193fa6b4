"""What crosses the door of `reach`, and what a channel is handed."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.safestring import SafeString

State = Literal["queued", "held", "sending", "sent", "refused", "bounced", "failed", "unknown", "cancelled"]
WAITING = ("queued", "held")
MAY_HAVE_ARRIVED = ("sending", "sent", "unknown")


@dataclass(frozen=True, slots=True)
class Check:
    """One question asked before a message leaves: its code, whether it was passed, and why not."""

    code: str
    passed: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of all checks. `not_before`: nothing forbids it, but it has to wait until then."""

    checks: tuple[Check, ...]
    why: str = ""
    not_before: dt.datetime | None = None

    @property
    def is_refused(self) -> bool:
        """Whether it must not be sent at all."""
        return bool(self.why) and self.not_before is None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail: the name its reader saves it under, its media type, and its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """What somebody of the house is written: a subject, a text, the same as HTML, and files."""

    subject: str
    text: str
    html: SafeString
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail ready for the gateway, without the address it goes to: that is handed over apart, unopened."""

    message_id: str
    sender_name: str
    sender_address: str
    reply_to: str
    subject: str
    text: str
    html: str
    at: dt.datetime
    headers: tuple[tuple[str, str], ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call. `later`: try again; `bounced`: no such address; `refused`: not this mail; `unknown`: nobody can tell."""

    kind: Literal["sent", "later", "bounced", "refused", "unknown"]
    code: str = ""


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message as a list shows it."""

    id: int
    public_id: str
    source_record_id: int
    template_name: str
    template_id: str
    purpose: str
    state: str
    why: str
    attempt_count: int
    created_at: dt.datetime
    due_at: dt.datetime
    sent_at: dt.datetime | None
    by_staff_id: int | None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One call of the gateway."""

    number: int
    channel: str
    at: dt.datetime
    outcome: str
    code: str


@dataclass(frozen=True, slots=True)
class MessageDetail:
    """A message in full, as one viewer may see it."""

    row: MessageRow
    language: str
    facts: Mapping[str, Any]
    checks: tuple[Check, ...]
    checked_at: dt.datetime | None
    attempts: tuple[AttemptRow, ...]
    address_mask: str
    subject: str
    html: SafeString

"""What `secure` announces: upper modules close sockets, hand over work, drop what they rendered."""

from dataclasses import dataclass

from zhike.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class StaffDisabled(Event):
    """A member of staff may no longer act."""

    staff_id: int


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event):
    """Sessions of a member of staff were ended; sockets opened under them must close."""

    staff_id: int
    session_digests: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """Rights of somebody changed: what was rendered under the old policy is stale."""

    version: int


@dataclass(frozen=True, kw_only=True)
class AskedAnew(Event):
    """A notice asks everybody anew: consents given to earlier versions no longer hold."""

    purpose: str

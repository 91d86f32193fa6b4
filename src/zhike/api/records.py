"""What crosses the door of the api module."""

import datetime as dt
from dataclasses import dataclass

from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as its page shows it; the text itself is known to nobody any more."""

    id: int
    public_id: str
    name: str
    staff_id: int
    hint: str
    scopes: tuple[str, ...]
    networks: tuple[str, ...]
    requests_a_minute: int
    created_at: dt.datetime
    expires_at: dt.datetime
    last_used_at: dt.datetime | None
    revoked_at: dt.datetime | None
    is_alive: bool


@dataclass(frozen=True, slots=True)
class Caller:
    """The program behind a request: its token, and the viewer it acts as."""

    token: TokenFacts
    viewer: Viewer

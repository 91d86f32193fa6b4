"""That a token was used: noted at most once a minute, audited at most every ten minutes with the count since then.

Reading writes nothing else. What was counted in memory and not yet told is lost with the process.
"""

import threading
from dataclasses import dataclass, field

from zhike.api.models import Token
from zhike.api.records import Caller
from zhike.kit import clock
from zhike.secure import actions as secure

_NOTED_EVERY_S, _AUDITED_EVERY_S = 60, 600


@dataclass
class _Use:
    count: int = 0
    refused: int = 0
    noted_at: float = 0.0
    audited_at: float = 0.0


@dataclass
class _Uses:
    of: dict[int, _Use] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_uses = _Uses()


def note(caller: Caller, *, refused: bool) -> None:
    """Count one request of a token, and write down what is due."""
    now, token = clock.now(), caller.token
    moment, due = now.timestamp(), 0
    with _uses.lock:
        use = _uses.of.setdefault(token.id, _Use())
        use.count += 1
        use.refused += refused
        is_noted = moment - use.noted_at >= _NOTED_EVERY_S
        if is_noted:
            use.noted_at = moment
        if moment - use.audited_at >= _AUDITED_EVERY_S:
            due, refusals = use.count, use.refused
            use.count, use.refused, use.audited_at = 0, 0, moment
    if is_noted:
        Token.objects.filter(pk=token.id).update(last_used_at=now)
    if due:
        detail = {"requests": due, "refused": refusals}
        secure.record_audit("api.used", by=caller.viewer, about=("api_token", token.public_id), detail=detail)


def forget() -> None:
    """Begin to count anew (tests)."""
    with _uses.lock:
        _uses.of.clear()

"""How fast a token may ask: a bucket of requests that fills again steadily. Kept in memory: a restart begins anew."""

import math
import threading
from collections import OrderedDict
from dataclasses import dataclass

from zhike.kit import clock

_MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a token stands: its limit a minute, what is left now, and seconds until the bucket is full, or has one again."""

    limit: int
    left: int
    full_in_s: int
    retry_in_s: int  # 0: the request may pass

    def headers(self) -> dict[str, str]:
        """What every answer tells about it."""
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.full_in_s),
        }
        return told | ({"Retry-After": str(self.retry_in_s)} if self.retry_in_s else {})


_buckets: OrderedDict[int, tuple[float, float]] = OrderedDict()  # token → (requests in it, when that was)
_lock = threading.Lock()


def take(token_id: int, limit: int) -> Pace:
    """Take one request out of a token's bucket, if there is one."""
    now, a_second = clock.now().timestamp(), limit / 60
    with _lock:
        held, at = _buckets.pop(token_id, (float(limit), now))
        held = min(limit, held + max(now - at, 0) * a_second)
        passes = held >= 1
        held -= passes
        _buckets[token_id] = (held, now)
        while len(_buckets) > _MOST_BUCKETS:
            _buckets.popitem(last=False)
    wait = 0 if passes else max(math.ceil((1 - held) / a_second), 1)
    return Pace(limit, int(held), math.ceil((limit - held) / a_second), wait)


def forget() -> None:
    """Fill every bucket (tests)."""
    with _lock:
        _buckets.clear()

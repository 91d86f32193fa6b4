"""Named places where a test may kill the process, to prove that nothing is lost or doubled there."""

import os
import signal
from collections import Counter

_declared: set[str] = set()
_hits: Counter[str] = Counter()


def declare(*names: str) -> None:
    """Make failpoints known; call it at import, beside the code that hits them."""
    _declared.update(names)


def names() -> list[str]:
    """Every declared failpoint of the modules imported so far, sorted."""
    return sorted(_declared)


def hit(name: str) -> None:
    """Die here at once (SIGKILL) when ZHIKE_FAILPOINT is `name` or, for the n-th passage, `name:n`; else do nothing."""
    if name not in _declared:
        raise LookupError(f"failpoint {name} is not declared")
    wanted = os.environ.get("ZHIKE_FAILPOINT")
    if not wanted:
        return
    wanted_name, _, nth = wanted.partition(":")
    if wanted_name != name:
        return
    _hits[name] += 1
    if _hits[name] == int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)

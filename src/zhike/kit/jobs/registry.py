"""Which function stands behind which job name, in which lane."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any, TypeVar

from django.utils.module_loading import autodiscover_modules

DEFAULT, IMPORT, ANALYSIS, QUICK = LANES = ("default", "import", "analysis", "quick")
SERIAL_LANES = frozenset({IMPORT, ANALYSIS})  # one running job in the whole installation
CHILD_LANES = frozenset({ANALYSIS})  # run in a spawned process that exits afterwards

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class JobKind:
    """A job's name, function, lane, and how many starts it gets before it counts as failed."""

    name: str
    call: Callable[..., Any]
    lane: str
    attempts: int


_kinds: dict[str, JobKind] = {}
_lock = RLock()
_discovered = False


def job(name: str, *, lane: str = DEFAULT, attempts: int = 5) -> Callable[[F], F]:
    """Make `f(run, **ids)` the job `name` ("module.verb"); what it returns (a dict or None) is kept as its result."""

    def decorate(call: F) -> F:
        register(name, call, lane=lane, attempts=attempts)
        return call

    return decorate


def register(name: str, call: Callable[..., Any], *, lane: str = DEFAULT, attempts: int = 5) -> None:
    """Register without a decorator. Raises ValueError for an unknown lane."""
    if lane not in LANES:
        raise ValueError(f"unknown lane {lane}")
    _kinds[name] = JobKind(name, call, lane, attempts)


def kind_of(name: str) -> JobKind:
    """The registered kind; raises LookupError when no module declares it."""
    discover()
    try:
        return _kinds[name]
    except KeyError:
        raise LookupError(f"no job is called {name}") from None


def job_names() -> list[str]:
    """Every declared job, sorted."""
    discover()
    return sorted(_kinds)


def discover() -> None:
    """Import `jobs.py` and `handlers.py` of every module, once."""
    global _discovered
    with _lock:
        if not _discovered:
            _discovered = True
            autodiscover_modules("jobs")
            autodiscover_modules("handlers")

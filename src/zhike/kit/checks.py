"""What `zhike doctor` and the health page look at: each module registers its own checks."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True)
class Finding:
    """The outcome of a check: its state, a sentence without personal values, and what to do about it."""

    state: State
    text: str = ""
    remedy: str = ""


OK = Finding("ok")


@dataclass(frozen=True)
class Check:
    """`name` is a code. `is_vital`: part of `/health/ready/`, so it must be quick."""

    name: str
    look: Callable[[], Finding]
    is_vital: bool


_checks: dict[str, Check] = {}


def check(name: str, *, is_vital: bool = False) -> Callable[[Callable[[], Finding]], Callable[[], Finding]]:
    """Register a check under a code; called at start-up from `apps.ready` or `<module>/checks.py`."""

    def decorate(look: Callable[[], Finding]) -> Callable[[], Finding]:
        _checks[name] = Check(name, look, is_vital)
        return look

    return decorate


def run_checks(*, only_vital: bool = False, names: Collection[str] = ()) -> dict[str, Finding]:
    """Every check's finding by name, or those of the named ones; a check that itself breaks has failed."""
    from django.utils.module_loading import autodiscover_modules

    autodiscover_modules("checks")
    wanted = [c for c in _checks.values() if (c.name in names if names else c.is_vital or not only_vital)]
    return {c.name: _look(c) for c in wanted}


def _look(one: Check) -> Finding:
    try:
        return one.look()
    except Exception as error:  # noqa: BLE001  (whatever breaks in a check is its finding)
        return Finding("failed", type(error).__name__)

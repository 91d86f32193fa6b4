"""Counters over a sliding window, kept in the database so that a restart does not reset them."""

from django.db import transaction

from zhike.kit import clock
from zhike.secure.models import Tally


def hit(key: str, *, limit: int, window_seconds: int) -> bool:
    """Count one event under a key; False, and nothing counted, when `limit` lie within the window already."""
    now = _now()
    with transaction.atomic():
        entry = Tally.objects.select_for_update().filter(pk=key).first()
        times = [t for t in (entry.value if entry else []) if t > now - window_seconds]
        if len(times) >= limit:
            return False
        Tally.objects.update_or_create(pk=key, defaults={"value": [*times, now], "expires_at": now + window_seconds})
    return True


def count(key: str, *, window_seconds: int) -> int:
    """How many events lie within the window."""
    entry = Tally.objects.filter(pk=key).first()
    return sum(t > _now() - window_seconds for t in entry.value) if entry else 0


def distinct(key: str, mark: str, *, limit: int, window_seconds: int) -> bool:
    """Count one distinct mark under a key; False when it is new and `limit` others lie within the window."""
    now = _now()
    with transaction.atomic():
        entry = Tally.objects.select_for_update().filter(pk=key).first()
        marks = {m: t for m, t in (entry.value if entry else {}).items() if t > now - window_seconds}
        if mark in marks:
            return True  # and nothing is written: a page asked for again writes nothing
        if len(marks) >= limit:
            return False
        marks[mark] = now
        Tally.objects.update_or_create(pk=key, defaults={"value": marks, "expires_at": now + window_seconds})
    return True


def forget(key: str) -> None:
    """Drop a counter."""
    Tally.objects.filter(pk=key).delete()


def sweep() -> int:
    """Delete what has expired; how many."""
    return Tally.objects.filter(expires_at__lt=_now()).delete()[0]


def _now() -> float:
    return clock.now().timestamp()


def take_back(key: str) -> None:
    """Uncount the last event of a key."""
    with transaction.atomic():
        entry = Tally.objects.select_for_update().filter(pk=key).first()
        if entry and entry.value:
            entry.value = entry.value[:-1]
            entry.save(update_fields=["value"])

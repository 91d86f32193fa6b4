"""What modules announce, in the past tense, and who hears it. The only file that touches `on_commit`."""

import dataclasses
import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.db import transaction

from zhike.kit import bulk, chance, clock


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Subclass it as a frozen, keyword-only dataclass of ids, codes, dates and counts (never personal values).

    `occurred_at`: when it happened in the world. `is_backfill`: learned late, from an old file; nothing leaves the
    house because of it.
    """

    occurred_at: dt.datetime = dataclasses.field(default_factory=clock.now)
    is_backfill: bool = False
    event_id: str = dataclasses.field(default_factory=chance.public_id)
    kinds: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls) -> None:
        Event.kinds[f"{cls.__module__}.{cls.__qualname__}"] = cls


E = TypeVar("E", bound=Event)
Handler = Callable[[Any], None]

_durable: dict[type[Event], list[str]] = defaultdict(list)
_fleeting: dict[type[Event], list[Handler]] = defaultdict(list)


def durable(kind: type[E], *, lane: str = "default") -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Hear an event surely and with effect once: it becomes a job in the publisher's transaction.

    The handler runs in one transaction of its own together with the note that it ran; long work belongs in a job
    which the handler enqueues.
    """
    from zhike.kit.jobs.registry import register

    def decorate(handler: Callable[[E], None]) -> Callable[[E], None]:
        name = handler_name(handler)
        register(name, functools.partial(_handle, handler, name), lane=lane)
        if name not in _durable[kind]:
            _durable[kind].append(name)
        return handler

    return decorate


def after_commit(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Hear an event right after commit, in the same process; it is lost when the process dies first."""

    def decorate(handler: Callable[[E], None]) -> Callable[[E], None]:
        _fleeting[kind].append(handler)
        return handler

    return decorate


def publish(event: Event) -> None:
    """Tell those above: durable handlers are enqueued in the open transaction, the others called after its commit."""
    from zhike.kit.jobs.queue import enqueue
    from zhike.kit.jobs.registry import discover

    discover()
    kinds = [kind for kind in type(event).__mro__ if issubclass(kind, Event)]
    for name in dict.fromkeys(name for kind in kinds for name in _durable[kind]):
        enqueue(name, unique_key=f"{event.event_id}:{name}"[:200], event=as_json(event))
    for handler in [handler for kind in kinds for handler in _fleeting[kind]]:
        when_committed(functools.partial(handler, event))


def when_committed(call: Callable[[], object], *, using: str = "default") -> None:
    """Run a call once the open transaction has committed, or now when none is open; its failure harms nobody else."""
    transaction.on_commit(call, using=using, robust=True)


def handler_name(handler: Callable[..., Any]) -> str:
    """`customers.handlers.recount` for `zhike.customers.handlers.recount`."""
    return f"{handler.__module__}.{handler.__qualname__}".removeprefix("zhike.")


def as_json(event: Event) -> dict[str, Any]:
    """An event as JSON values, its kind included."""
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    kind = f"{type(event).__module__}.{type(event).__qualname__}"
    return {"kind": kind, **{name: _plain(value) for name, value in fields.items()}}


def from_json(stored: dict[str, Any]) -> Event:
    """The event that `as_json` wrote; raises LookupError for a kind that no longer exists."""
    values = dict(stored)
    kind = Event.kinds.get(values.pop("kind"))
    if kind is None:
        raise LookupError(f"unknown event {stored['kind']}")
    return kind(**{name: _rich(value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, dt.date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple | list | frozenset | set):
        return {"many": [_plain(v) for v in (sorted(value) if isinstance(value, frozenset | set) else value)]}
    return value


def _rich(value: Any) -> Any:
    if isinstance(value, dict):
        if "moment" in value:
            return dt.datetime.fromisoformat(value["moment"])
        if "day" in value:
            return dt.date.fromisoformat(value["day"])
        return tuple(_rich(v) for v in value["many"])
    return value


def _handle(handler: Handler, name: str, run: Any, *, event: dict[str, Any]) -> None:
    """The job behind a durable handler: note (event, handler) and act, in one transaction."""
    told = from_json(event)
    with transaction.atomic():
        noted = bulk.insert_many(
            "kit_handled_event",
            ["event_id", "handler", "handled_at"],
            [(told.event_id, name, clock.now())],
            on_conflict="ignore",
        )
        if noted:
            handler(told)

"""Moving customers along the funnel: each move keeps from where, to where, when, why and by whom."""

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction

from zhike.customers.actions.old_cards import close_cards, reopen_cards
from zhike.customers.events import StageChanged
from zhike.customers.funnel_values import BEFORE_SALE, STAGES
from zhike.customers.models import StageMove
from zhike.customers.records import OrderFigures
from zhike.customers.scope import roots_within
from zhike.kit import bulk, changes, clock, ids
from zhike.kit.events import publish
from zhike.kit.rows import moment
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as policy
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

_BATCH = 500
_COLUMNS = ("id", "customer_id", "at", "from_stage", "to_stage", "why", "reason", "note", "rule_id", "run_id",
            "by_staff_id", "change_seq")  # fmt: skip
_STAGES_NOW = "SELECT customer_id, stage FROM customers_customercard WHERE customer_id IN {values}"


@dataclass(frozen=True, slots=True)
class Because:
    """Why customers are moved: by hand, by a rule in a run; the coded reason for loss, and words of the mover's own."""

    why: str = "hand"
    reason: str = ""
    note: str = ""
    rule_id: int | None = None
    run_id: int | None = None


BY_HAND = Because()


def set_stage(
    customer_ids: Iterable[int], stage: str, *, by: Viewer, because: Because = BY_HAND
) -> list[tuple[int, str]]:
    """Put customers at a stage 阶段; returns (customer, stage before) of those that changed. Raises ValueError, Forbidden."""
    check(by, "customers.edit")
    if stage not in STAGES:
        raise ValueError(f"no such stage: {stage}")
    if not policy.may_edit(by, "stage"):
        raise Forbidden("edit.stage")
    moved: list[tuple[int, str]] = []
    remaining = iter(customer_ids)
    while batch := list(itertools.islice(remaining, _BATCH)):
        with transaction.atomic():
            before = dict(bulk.fetch_in(_STAGES_NOW, roots_within(by, batch)))
            changed = [(c, old) for c, old in before.items() if old != stage]
            _move(changed, stage, because, by)
        moved += changed
    return moved


def take_back_moves(befores: Iterable[tuple[int, str]], *, left: str, by: Viewer) -> int:
    """Undo of `set_stage`: each (customer, stage before) stands there again where the act's stage is `left`.

    Who gave a customer away may take that back, so this asks for no scope; the caller holds the record of its own act.
    Returns how many went back: those somebody moved since stay where they are.
    """
    check(by, "customers.edit")
    count, remaining = 0, iter(befores)
    while batch := list(itertools.islice(remaining, _BATCH)):
        with transaction.atomic():
            now = dict(bulk.fetch_in(_STAGES_NOW, [c for c, _ in batch]))
            back = [(c, before) for c, before in batch if now.get(c) == left]
            _take_back(back, left)
            _audit([c for c, _ in back], by, None)
        count += len(back)
    return count


def _move(changed: Sequence[tuple[int, str]], stage: str, because: Because, by: Viewer) -> None:
    if not changed:
        return
    at, seq = clock.now(), changes.next_seq()
    note = cutting.cut(because.note.strip()[:1000])[0]
    _lay(changed, stage, at, (because.why, because.reason, note, because.rule_id, because.run_id, by.staff_id), seq)
    close_cards(changed, stage, by_staff_id=by.staff_id)
    _write([(c, stage, seq) for c, _ in changed])
    _audit([c for c, _ in changed], by, STAGES.index(stage))
    publish(
        StageChanged(customer_ids=tuple(c for c, _ in changed), stage=stage, why=because.why, reason=because.reason)
    )


def _lay(
    changed: Sequence[tuple[int, str]],
    stage: str,
    at: dt.datetime | Mapping[int, dt.datetime],
    why: tuple[Any, ...],
    seq: int,
) -> None:
    """Rows of the history; `at` is one moment, or one for each customer."""
    taken = ids.take("stage_move", len(changed))
    rows = [
        (move_id, c, at[c] if isinstance(at, Mapping) else at, before, stage, *why, seq)
        for move_id, (c, before) in zip(taken, changed, strict=True)
    ]
    bulk.insert_many("customers_stagemove", _COLUMNS, rows)


def _write(stages: Sequence[tuple[int, str, int]]) -> None:
    bulk.update_many("customers_customercard", "customer_id", ["stage", "change_seq"], stages)


def _take_back(back: Sequence[tuple[int, str]], left: str) -> None:
    if not back:
        return
    seq, at = changes.next_seq(), clock.now()
    last: dict[int, int] = {}
    wanted = [c for c, _ in back]
    standing = StageMove.objects.filter(customer_id__in=wanted, undone_at=None, to_stage=left)
    for move_id, customer_id in standing.order_by("at", "id").values_list("id", "customer_id"):
        last[customer_id] = move_id
    bulk.update_many("customers_stagemove", "id", ["undone_at", "change_seq"], [(m, at, seq) for m in last.values()])
    reopen_cards(back, left)
    _write([(c, before, seq) for c, before in back])
    for stage, group in itertools.groupby(sorted(back, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        publish(StageChanged(customer_ids=tuple(c for c, _ in group), stage=stage, why="undone"))


def begin_at(customer_id: int, stage: str, *, by: Viewer) -> None:
    """A file begun by hand stands at a stage from its first moment. Call inside the transaction that makes it."""
    if stage not in STAGES:
        raise ValueError(f"no such stage: {stage}")
    seq = changes.next_seq()
    _lay([(customer_id, "")], stage, clock.now(), ("begun", "", "", None, None, by.staff_id), seq)
    _write([(customer_id, stage, seq)])


def follow_orders(figures: Sequence[OrderFigures], known: Mapping[int, tuple[Any, ...]], seq: int) -> None:
    """What orders decide about stages; call inside the transaction that lays the figures on the cards.

    Whoever orders is current. That somebody is so since a first order follows from the order and is not written down;
    what is written is that someone comes back who had been moved away from current since, or had stopped. Without any order
    left, the customer stands again where people or rules had put them. `known`: the card's figures before, orders first.
    """
    now = dict(bulk.fetch_in(_STAGES_NOW, [f.customer_id for f in figures]))
    lost = [f.customer_id for f in figures if not f.order_count and now.get(f.customer_id) == "current"]
    asked = [f for f in figures if f.order_count and now.get(f.customer_id, "current") != "current"]
    moved = _last_moves([*lost, *(f.customer_id for f in asked)])
    came: list[tuple[int, str]] = []
    written: dict[int, dt.datetime] = {}
    for f in asked:
        stage, move = now[f.customer_id], moved.get(f.customer_id)
        how = _how_back(f, stage, move, is_first=not known[f.customer_id][0])
        if how == "follows":
            came.append((f.customer_id, stage))
        elif how is not None:
            written[f.customer_id] = how
    back = [(c, now[c]) for c in written]
    if back:
        _lay(back, "current", written, ("order", "", "", None, None, None), seq)
    before_sale = [(c, moved[c][0] if c in moved else "potential", seq) for c in lost]
    # Buyers nobody had placed before have no card to close: an import of a million writes none.
    close_cards([*(pair for pair in came if pair[0] in moved), *back], "current", by_staff_id=None)
    _write([*((c, "current", seq) for c, _ in (*came, *back)), *before_sale])
    if came or back:
        came_ids = tuple(c for c, _ in (*came, *back))
        publish(StageChanged(customer_ids=came_ids, stage="current", why="order", is_backfill=True))


def _how_back(
    figures: OrderFigures, stage: str, move: tuple[str, dt.datetime] | None, *, is_first: bool
) -> dt.datetime | Literal["follows"] | None:
    """How somebody not current becomes so: it follows from the first order, is written down with a moment, or not at all."""
    first, last = figures.first_order_at, figures.last_order_at
    if first is None or last is None:
        return None
    if stage in BEFORE_SALE and is_first and (move is None or first > move[1]):
        return "follows"
    if move is None:
        return last if stage in BEFORE_SALE else None
    if last > move[1]:
        return last
    return clock.now() if is_first and stage in BEFORE_SALE else None


def _last_moves(customer_ids: Sequence[int]) -> dict[int, tuple[str, dt.datetime]]:
    """{customer: (stage, when)} of the newest move that stands, for those who have one."""
    sql = (
        "SELECT customer_id, to_stage, at FROM customers_stagemove WHERE undone_at IS NULL AND customer_id IN {values}"
    )
    found: dict[int, tuple[str, dt.datetime]] = {}
    for customer_id, stage, at in bulk.fetch_in(sql, list(customer_ids)):
        when = moment(at)
        if customer_id not in found or when >= found[customer_id][1]:
            found[customer_id] = (stage, when)
    return found


def _audit(customer_ids: list[int], by: Viewer, subject: int | None) -> None:
    if customer_ids:
        about = ("customer", customer_ids[0]) if len(customer_ids) == 1 else None
        detail = {"count": len(customer_ids), "subject": subject}
        secure.record_audit("customer.stage_set", by=by, about=about, detail=detail)

"""Tags and owners: labels on roots, one customer or many."""

import datetime as dt
import itertools
from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from zhike.customers.actions.charge import note_change
from zhike.customers.identity.holding import hold_roots, one_at_a_time
from zhike.customers.identity.standing_back import restand
from zhike.customers.models import CustomerTag, Tag
from zhike.customers.scope import roots_within
from zhike.kit import bulk, changes, clock, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_ABSENT = object()
_BATCH = 500
_LONGEST_TAG = 40
TAGGED = ("tag_id", "customer_id", "root_id", "by_staff_id", "at")


class TagRefused(ValueError):
    """A tag needs a name of 1 to 40 characters; `code` is `empty` or `too_long`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def add_tag(customer_ids: Iterable[int], name: str, *, by: Viewer) -> list[int]:
    """Put a tag on customers (made on first use); returns those that did not have it, for an undo."""
    check(by, "customers.tag")
    tag_id, changed = _tag(name), []
    for batch in _batches(customer_ids):
        with transaction.atomic():
            reachable = roots_within(by, sorted(set(hold_roots(batch).values())))
            present = {root for root, _ in _holders(tag_id, reachable)}
            fresh = [c for c in reachable if c not in present]
            rows = [(tag_id, c, c, by.staff_id, clock.now()) for c in fresh]
            bulk.insert_many("customers_customertag", TAGGED, rows, on_conflict="ignore")
            _mark_changed(fresh)
            _touch(fresh, by, "customer.tagged", tag_id)
        changed += fresh
    return changed


def remove_tag(customer_ids: Iterable[int], name: str, *, by: Viewer) -> list[int]:
    """Take a tag off customers; returns those that had it, in a merged group each customer it was put on.

    A root is meant with its whole merged group; a customer that was absorbed meanwhile (in the undo of an act) by itself.
    """
    check(by, "customers.tag")
    tag = Tag.objects.filter(name=name.strip()).first()
    changed: list[int] = []
    for batch in _batches(customer_ids if tag else []):
        assert tag is not None
        with transaction.atomic():
            wanted = set(batch)
            reachable = roots_within(by, sorted(set(hold_roots(batch).values())))
            held = [h for h in _holders(tag.id, reachable) if wanted.intersection(h)]
            with connection.cursor() as cursor:
                cursor.executemany(
                    "DELETE FROM customers_customertag WHERE tag_id = %s AND customer_id = %s",
                    [(tag.id, customer) for _, customer in held],
                )
            having = sorted({root for root, _ in held})
            _mark_changed(having)
            _touch(having, by, "customer.untagged", tag.id)
        changed += sorted(customer for _, customer in held)
    return changed


def set_owner(customer_ids: Iterable[int], staff_id: int | None, *, by: Viewer) -> list[tuple[int, int | None]]:
    """Give customers an owner 专管人 (or none); returns (customer, owner before) of those that changed, for an undo."""
    check(by, "customers.edit")
    return _set("owner_staff_id", staff_id, customer_ids, by, "customer.owner_set", subject=staff_id)


def put_back(column: str, befores: Iterable[tuple[int, Any]], *, left: Any, by: Viewer) -> int:
    """Undo of `set_owner`: each (customer, value before) stands again where the act's value is `left`.

    Who gave a customer away may take that back, so this asks for no scope; the caller holds the record of its own act.
    Returns how many were put back: those somebody changed since stay as they are.
    """
    check(by, "customers.edit")
    action = {"owner_staff_id": "customer.owner_set"}[column]
    count = 0
    for batch in _batches(befores):
        with transaction.atomic():
            one_at_a_time()
            hold_roots([c for c, _ in batch])
            sql = f"SELECT customer_id, {column} FROM customers_customercard WHERE customer_id IN {{values}}"
            now = dict(bulk.fetch_in(sql, [c for c, _ in batch]))
            back = [(c, before) for c, before in batch if now.get(c, _ABSENT) == left]
            _write(column, back, by, action, subject=None)
            if column == "owner_staff_id":
                note_change("owner", [(c, left, before) for c, before in back], by)
            count += len(back) + restand(column, [pair for pair in batch if pair[0] not in now], left=left)
    return count


def restore_tags(name: str, held: Iterable[tuple[int, int | None, dt.datetime]], *, by: Viewer) -> int:
    """Undo of `remove_tag`: (customer, who had put it on, when) stand again as they were; returns how many were missing."""
    check(by, "customers.tag")
    tag_id, count = _tag(name), 0
    for batch in _batches(held):
        with transaction.atomic():
            root_of = hold_roots([c for c, _, _ in batch])
            rows = [(tag_id, c, root_of[c], *rest) for c, *rest in batch if c in root_of]
            bulk.insert_many("customers_customertag", TAGGED, rows, on_conflict="ignore")
            _mark_changed(sorted(set(root_of.values())))
            _touch([c for c, _, _ in batch], by, "customer.tagged", tag_id)
        count += len(batch)
    return count


def tags_held(customer_ids: Iterable[int], name: str) -> dict[int, tuple[int | None, dt.datetime]]:
    """Who put a tag on each customer of these files that has it, and when."""
    found = CustomerTag.objects.filter(tag_id__in=Tag.objects.filter(name=name.strip()).values("id"))
    rows = found.filter(root_id__in=list(customer_ids)).values_list("customer_id", "by_staff_id", "at")
    return {c: (staff_id, at) for c, staff_id, at in rows}


def _set(
    column: str, value: Any, customer_ids: Iterable[int], by: Viewer, action: str, *, subject: int | None
) -> list[tuple[int, Any]]:
    changed: list[tuple[int, Any]] = []
    for batch in _batches(customer_ids):
        with transaction.atomic():
            sql = f"SELECT customer_id, {column} FROM customers_customercard WHERE customer_id IN {{values}}"
            roots = roots_within(by, sorted(set(hold_roots(batch).values())))
            moved = [(c, before) for c, before in bulk.fetch_in(sql, roots) if before != value]
            _write(column, [(c, value) for c, _ in moved], by, action, subject=subject)
            if column == "owner_staff_id":
                note_change("owner", [(c, before, value) for c, before in moved], by)
        changed += moved
    return changed


def _write(column: str, values: list[tuple[int, Any]], by: Viewer, action: str, *, subject: int | None) -> None:
    if values:
        seq = changes.next_seq()
        rows = [(c, value, seq) for c, value in values]
        bulk.update_many("customers_customercard", "customer_id", [column, "change_seq"], rows)
        _touch([c for c, _ in values], by, action, subject)


def _holders(tag_id: int, root_ids: list[int]) -> list[tuple[int, int]]:
    """(root, customer) of a tag on some files: on which customer of the group it was put."""
    # `+tag_id` keeps SQLite from reading everybody who has the tag for each few hundred files.
    sql = "SELECT root_id, customer_id FROM customers_customertag WHERE +tag_id = %s AND root_id IN {values}"
    return [(root, customer) for root, customer in bulk.fetch_in(sql, root_ids, params=[tag_id])]


def _mark_changed(customer_ids: list[int]) -> None:
    """Give the cards a change number, so that the lake reads their tags anew."""
    if customer_ids:
        seq = changes.next_seq()
        bulk.update_many("customers_customercard", "customer_id", ["change_seq"], [(c, seq) for c in customer_ids])


def _tag(name: str) -> int:
    calm = " ".join(name.split())
    if not calm:
        raise TagRefused("empty")
    if len(calm) > _LONGEST_TAG:
        raise TagRefused("too_long")
    tag, _ = Tag.objects.get_or_create(
        name=calm, defaults={"id": ids.take("tag")[0], "color": sum(map(ord, calm)) % 10, "created_at": clock.now()}
    )
    return int(tag.pk)


def _touch(customer_ids: list[int], by: Viewer, action: str, subject: int | None) -> None:
    if customer_ids:
        about = ("customer", customer_ids[0]) if len(customer_ids) == 1 else None
        secure.record_audit(action, by=by, about=about, detail={"count": len(customer_ids), "subject": subject})


def _batches(things: Iterable[Any]) -> Iterable[list[Any]]:
    remaining = iter(things)
    while batch := list(itertools.islice(remaining, _BATCH)):
        yield batch

"""Tags and owners: labels on roots, one customer or many."""

import itertools
from collections.abc import Iterable

from django.db import connection, transaction

from zhike.customers.models import Tag
from zhike.customers.scope import roots_within
from zhike.kit import bulk, changes, clock, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_BATCH = 500
_LONGEST_TAG = 40


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
            reachable = roots_within(by, batch)
            sql = "SELECT customer_id FROM customers_customertag WHERE tag_id = %s AND customer_id IN {values}"
            present = {c for (c,) in bulk.fetch_in(sql, reachable, params=[tag_id])}
            fresh = [c for c in reachable if c not in present]
            rows = [(tag_id, c, by.staff_id, clock.now()) for c in fresh]
            bulk.insert_many(
                "customers_customertag", ("tag_id", "customer_id", "by_staff_id", "at"), rows, on_conflict="ignore"
            )
            _mark_changed(fresh)
            _touch(fresh, by, "customer.tagged", tag_id)
        changed += fresh
    return changed


def remove_tag(customer_ids: Iterable[int], name: str, *, by: Viewer) -> list[int]:
    """Take a tag off customers; returns those that had it."""
    check(by, "customers.tag")
    tag = Tag.objects.filter(name=name.strip()).first()
    changed: list[int] = []
    for batch in _batches(customer_ids if tag else []):
        assert tag is not None
        with transaction.atomic():
            sql = "SELECT customer_id FROM customers_customertag WHERE tag_id = %s AND customer_id IN {values}"
            having = [c for (c,) in bulk.fetch_in(sql, roots_within(by, batch), params=[tag.id])]
            with connection.cursor() as cursor:
                cursor.executemany(
                    "DELETE FROM customers_customertag WHERE tag_id = %s AND customer_id = %s",
                    [(tag.id, c) for c in having],
                )
            _mark_changed(having)
            _touch(having, by, "customer.untagged", tag.id)
        changed += having
    return changed


def set_owner(customer_ids: Iterable[int], staff_id: int | None, *, by: Viewer) -> list[tuple[int, int | None]]:
    """Give customers an owner 专管人 (or none); returns (customer, owner before) of those that changed, for an undo."""
    check(by, "customers.edit")
    changed: list[tuple[int, int | None]] = []
    for batch in _batches(customer_ids):
        with transaction.atomic():
            sql = "SELECT customer_id, owner_staff_id FROM customers_customercard WHERE customer_id IN {values}"
            moved = [(c, before) for c, before in bulk.fetch_in(sql, roots_within(by, batch)) if before != staff_id]
            rows = [(c, staff_id, changes.next_seq()) for c, _ in moved]
            bulk.update_many("customers_customercard", "customer_id", ["owner_staff_id", "change_seq"], rows)
            _touch([c for c, _ in moved], by, "customer.owner_set", staff_id)
        changed += moved
    return changed


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


def _batches(customer_ids: Iterable[int]) -> Iterable[list[int]]:
    remaining = iter(customer_ids)
    while batch := list(itertools.islice(remaining, _BATCH)):
        yield batch

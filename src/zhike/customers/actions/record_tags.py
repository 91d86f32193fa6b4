"""Tags that files state: put on by an import, taken off by its undoing, never those staff put on."""

from collections.abc import Iterable

from django.db import connection

from zhike.customers.actions.labels import TAGGED
from zhike.customers.identity.holding import hold_roots
from zhike.customers.models import Tag
from zhike.kit import bulk, changes, clock, ids

Tagged = tuple[int, int]  # (customer, tag)


def tags_of_names(names: Iterable[str]) -> dict[str, int]:
    """The tags of these names, made where there are none. Names are calm: no blanks around, at most 40 characters."""
    wanted = sorted(set(names))
    known = {t.name: t.pk for t in Tag.objects.filter(name__in=wanted)}
    for name in wanted:
        if name not in known:
            color = sum(map(ord, name)) % 10
            tag, _ = Tag.objects.get_or_create(
                name=name, defaults={"id": ids.take("tag")[0], "color": color, "created_at": clock.now()}
            )
            known[name] = tag.pk
    return known


def put_tags(tagged: Iterable[Tagged]) -> None:
    """Put tags on customers (roots when they were chosen), inside the caller's transaction; those there already stay as they are."""
    pairs = list(dict.fromkeys(tagged))
    at, root_of = clock.now(), hold_roots([customer for customer, _ in pairs])
    rows = ((tag, customer, root_of[customer], None, at) for customer, tag in pairs if customer in root_of)
    bulk.insert_many("customers_customertag", TAGGED, rows, on_conflict="ignore")
    _mark_changed(set(root_of.values()))


def take_tags(tagged: Iterable[Tagged]) -> None:
    """Take off tags that nobody of the staff put on, from the customers they were put on."""
    pairs = list(tagged)
    root_of = hold_roots([customer for customer, _ in pairs])
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM customers_customertag WHERE tag_id = %s AND customer_id = %s AND by_staff_id IS NULL",
            [(tag, customer) for customer, tag in pairs],
        )
    _mark_changed(set(root_of.values()))


def _mark_changed(customer_ids: set[int]) -> None:
    """Give the cards a change number, so that the lake reads their tags anew."""
    if customer_ids:
        seq = changes.next_seq()
        rows = [(customer, seq) for customer in sorted(customer_ids)]
        bulk.update_many("customers_customercard", "customer_id", ["change_seq"], rows)

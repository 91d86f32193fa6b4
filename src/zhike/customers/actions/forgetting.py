"""Taking the demo shop out again: rows that were never anybody's are deleted, not archived."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from zhike.customers.actions.attachments import forget_attachments
from zhike.customers.actions.finish import retoken
from zhike.customers.actions.verifications import forget_verifications
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.identity.holding import one_at_a_time
from zhike.customers.identity.regrouping import regroup
from zhike.customers.models import Merge, Source, SourceCost, SourceRecord, Tag
from zhike.customers.normalizing import lookups_in
from zhike.customers.queries.consents import SUBJECT
from zhike.kit import bulk, clock
from zhike.kit import rows as stored
from zhike.secure import consents, vault
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One batch: customers who are gone, and the records left of those whom a real source knows too."""

    customer_ids: tuple[int, ...]
    records_left: tuple[int, ...]


def forget_demo(*, by: Viewer) -> Iterator[Forgotten]:
    """Delete what demo sources said, batch by batch, then those sources. Call after the shop forgot its demo orders.

    Customers whom a real source knows too stay, their cards derived anew. Interrupted, it goes on when called again.
    """
    check(by, "demo.manage")
    sources = list(Source.objects.filter(is_demo=True))
    source_ids = [source.id for source in sources]
    _take_apart(source_ids)
    while records := list(
        SourceRecord.objects.filter(source_id__in=source_ids).values_list("id", "customer_id")[:_BATCH]
    ):
        with transaction.atomic():
            forgotten, keys = _forget(dict(records))
        vault.destroy_keys(keys)
        retoken(set(forgotten.records_left))
        yield forgotten
    with transaction.atomic():
        if sources:
            used = "SELECT 1 FROM customers_customertag t WHERE t.tag_id = customers_tag.id"
            Tag.objects.filter(created_at__gte=min(s.created_at for s in sources)).extra(
                where=[f"NOT EXISTS ({used})"]
            ).delete()
        SourceCost.objects.filter(source_id__in=source_ids).delete()
        Source.objects.filter(id__in=source_ids).delete()


def _take_apart(source_ids: list[int]) -> None:
    """Whoever is known from demo sources alone comes off the files they were merged with: only then they can go without a trace."""
    active = Merge.objects.filter(undone_at=None)
    members = {c for pair in active.values_list("absorbed_id", "survivor_id") for c in pair}
    real = list(Source.objects.filter(is_demo=False, is_house=False).values_list("id", flat=True))
    demo, known = (
        set(SourceRecord.objects.filter(source_id__in=s, customer_id__in=members).values_list("customer_id", flat=True))
        for s in (source_ids, real)
    )
    for merge in active.filter(Q(absorbed_id__in=demo - known) | Q(survivor_id__in=demo - known)):
        with transaction.atomic():
            one_at_a_time()
            undo = Merge.objects.filter(pk=merge.pk)
            regroup([merge.absorbed_id], lambda undo=undo: undo.update(undone_at=clock.now()))  # type: ignore[misc]


def _forget(records: dict[int, int]) -> tuple[Forgotten, list[int]]:
    touched = sorted(set(records.values()))
    _delete_records(sorted(records))
    real: dict[int, list[int]] = {}
    houses: dict[int, list[int]] = {}
    later: set[int] = set()  # other demo records of theirs come in a later batch
    sql = (
        "SELECT r.id, r.customer_id, s.is_house, s.is_demo FROM customers_sourcerecord r "
        "JOIN customers_source s ON s.id = r.source_id WHERE r.customer_id IN {values}"
    )
    for record_id, customer_id, is_house, is_demo in bulk.fetch_in(sql, touched):
        if is_demo:
            later.add(customer_id)
        else:
            (houses if is_house else real).setdefault(customer_id, []).append(record_id)
    sql = "SELECT root_id FROM customers_customer WHERE id <> root_id AND root_id IN {values}"
    absorbing = {root for (root,) in bulk.fetch_in(sql, touched)}
    gone = [c for c in touched if c not in real and c not in later and c not in absorbing]
    house_records = [r for c in gone for r in houses.get(c, ())]
    _delete_records(house_records)
    for table, column in _OF_CUSTOMER:
        _delete(table, column, gone)
    consents.forget(SUBJECT, gone)
    stays = sorted((set(real) | absorbing) - later)
    derive_cards(
        {root for (root,) in bulk.fetch_in("SELECT root_id FROM customers_customer WHERE id IN {values}", stays)}
    )
    kept = tuple(r for c in stays for r in real.get(c, ()))
    return Forgotten(tuple(gone), kept), [*records, *house_records]


_OF_CUSTOMER = (
    ("customers_nametoken", "customer_id"),
    ("customers_customertag", "customer_id"),
    ("customers_metric", "customer_id"),
    ("customers_stagemove", "customer_id"),
    ("customers_link", "to_customer_id"),
    ("customers_merge", "absorbed_id"),
    ("customers_merge", "survivor_id"),
    ("customers_relation", "from_customer_id"),
    ("customers_relation", "to_customer_id"),
    ("customers_oldcard", "customer_id"),
    ("customers_paperfile", "customer_id"),
    ("customers_customercard", "customer_id"),
    ("customers_customer", "id"),
)


def delete_statements(record_ids: list[int]) -> None:
    """Everything sources and staff said on these records, and what finds it, without scanning a table."""
    versions: list[int] = []
    lookups: set[tuple[int, bytes, int]] = set()
    sql = "SELECT id, source_record_id, facts FROM customers_sourceversion WHERE source_record_id IN {values}"
    for version_id, record_id, facts in bulk.fetch_in(sql, record_ids):
        versions.append(version_id)
        lookups |= {(kind, digest, record_id) for kind, digest in lookups_in(stored.parsed(facts))}
    with connection.cursor() as cursor:
        cursor.executemany(
            "DELETE FROM customers_lookup WHERE kind = %s AND digest = %s AND source_record_id = %s", sorted(lookups)
        )
    _delete("customers_sighting", "version_id", versions)
    _delete("customers_sourceversion", "id", versions)


def _delete_records(record_ids: list[int]) -> None:
    """Records with everything that hangs on them."""
    delete_statements(record_ids)
    _delete("customers_contactrecord", "source_record_id", record_ids)
    forget_verifications(record_ids)
    _delete("customers_stoptrace", "source_record_id", record_ids)
    _delete("customers_marketflow", "source_record_id", record_ids)
    forget_attachments(record_ids)
    _delete("customers_link", "source_record_id", record_ids)
    _delete("customers_sourcerecord", "id", record_ids)


def _delete(table: str, column: str, values: list[Any]) -> None:
    for start in range(0, len(values), _BATCH):
        part = values[start : start + _BATCH]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({', '.join(['%s'] * len(part))})", part)

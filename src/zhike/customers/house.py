"""The house record: each customer has one, and what staff enter stands on it."""

from collections.abc import Iterable

from django.db import connection

from zhike.customers.models import Customer, Source, SourceRecord
from zhike.customers.scope import root_within
from zhike.kit import bulk, chance, changes, clock, ids
from zhike.secure.records import Viewer

HOUSE_CODE = "house"


def house_source() -> Source:
    """The source of what staff enter: one per installation, made on first need."""
    found = Source.objects.filter(is_house=True).first()
    if found:
        return found
    made = {
        "id": ids.take("source")[0],
        "public_id": chance.public_id(),
        "name": "House records",
        "channel_kind": "house",
        "legal_basis": "contract",
        "trust_grade": 9,
        "is_house": True,
        "created_at": clock.now(),
    }
    return Source.objects.get_or_create(code=HOUSE_CODE, defaults=made)[0]


def house_record_id(customer_id: int) -> int:
    """The house record of a customer (made on first need); call inside a transaction."""
    source = house_source()
    key = f"house:{customer_id}"
    found = SourceRecord.objects.filter(source_id=source.id, external_key=key).values_list("id", flat=True).first()
    if found:
        return int(found)
    if not connection.in_atomic_block:
        raise RuntimeError("a house record is made inside the action that needs it")
    Customer.objects.select_for_update().get(pk=customer_id)
    record = SourceRecord.objects.create(
        id=ids.take("record")[0],
        source_id=source.id,
        external_key=key,
        customer_id=customer_id,
        created_at=clock.now(),
        change_seq=changes.next_seq(),
    )
    return record.id


def house_record_ids(customer_ids: Iterable[int]) -> dict[int, int]:
    """The house records of many customers, {customer: record}, the missing ones made; call inside a transaction."""
    source = house_source()
    keys = {f"house:{c}": c for c in customer_ids}
    found = SourceRecord.objects.filter(source_id=source.id, external_key__in=keys).values_list("external_key", "id")
    records = {keys[key]: int(record) for key, record in found}
    missing = sorted(set(keys.values()) - records.keys())
    if missing:
        list(Customer.objects.select_for_update().filter(pk__in=missing).order_by("pk").values_list("pk"))
        made = dict(zip(missing, ids.take("record", len(missing)), strict=True))
        at, seq = clock.now(), changes.next_seq()
        columns = ("id", "source_id", "external_key", "customer_id", "created_at", "change_seq")
        rows = [(record, source.id, f"house:{c}", c, at, seq) for c, record in made.items()]
        bulk.insert_many("customers_sourcerecord", columns, rows)
        records |= made
    return records


def house_record(customer_id: int, *, by: Viewer) -> int:
    """The house record of a file in the viewer's scope, for facts other modules lay there; call inside a transaction.

    Raises CustomerUnknown.
    """
    return house_record_id(root_within(by, customer_id))

"""What a search for duplicates asks of files: their values (sealed ones by reference), whom a run spoke of, who stands near.

For machines: nothing here keeps to a viewer's scope, and nothing is opened here.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from zhike.customers import lookup_kinds
from zhike.customers.models import CustomerCard
from zhike.customers.records import SEALED_COLUMN
from zhike.kit import bulk
from zhike.kit import rows as stored
from zhike.secure.records import SealedRef
from zhike_analytics.values import persons

SEALED = (
    "phone",
    "other_phone",
    "email",
    "birth_date",
    "address_detail",
    "wechat",
    "qq",
    "payment_account",
)
_OPEN = ("province", "city", "district", "sex")
_STATED = ("employer", "company", "credit_code", "platform_id")
# Of what a file has one of, the value it shows is compared; of telephones and accounts, all.
_ONE_OF = frozenset(("birth_date", "address_detail", "email"))
# Identifiers that name one account or line: who states the same stands near. The member name counts within one platform only.
_NEAR = (lookup_kinds.PHONE, lookup_kinds.EMAIL, lookup_kinds.WECHAT, lookup_kinds.QQ, lookup_kinds.CREDIT_CODE)
_MOST_SHARERS = 40
_MOST_NAMESAKES = 40


@dataclass(frozen=True, slots=True)
class MatchingFile:
    """One file as it is compared: open values, and where each sealed one lies. `seals` are distinct statements, golden first."""

    customer_id: int
    kind: str
    name: str
    values: dict[str, str]
    seals: tuple[tuple[SealedRef, tuple[str, ...]], ...]


def count_files() -> int:
    """How many files there are to compare."""
    return CustomerCard.objects.filter(archived_at=None).count()


def files_to_match(*, after: int = 0, limit: int = 5_000, ids: Sequence[int] | None = None) -> list[MatchingFile]:
    """Living files by id, `limit` after `after`, or those of the given roots. Four questions however many."""
    columns = ", ".join(("customer_id", "kind", "name", *_OPEN, '"values"', "origins"))
    sql = f"SELECT {columns} FROM customers_customercard WHERE archived_at IS NULL AND customer_id"
    if ids is None:
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} > %s ORDER BY customer_id LIMIT %s", [after, limit])
            rows = cursor.fetchall()
    else:
        rows = sorted(bulk.fetch_in(f"{sql} IN {{values}}", sorted(set(ids))), key=lambda row: row[0])
    seals = _seals({row[0]: stored.parsed(row[-1]) for row in rows})
    return [_file(row, seals.get(row[0], ())) for row in rows]


def roots_of_run(run_id: int) -> list[int]:
    """The living files a run spoke of."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.root_id FROM customers_sighting s JOIN customers_sourceversion v ON v.id = s.version_id "
            "JOIN customers_sourcerecord r ON r.id = v.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
            "WHERE s.run_id = %s",
            [run_id],
        )
        return sorted(root for (root,) in cursor.fetchall())


def standing_near(root_ids: Sequence[int]) -> set[int]:
    """Files that share an exact identifier or the reading of the name with one of the given; nothing is opened.

    Identifiers many share, and names many bear (then the city must agree), bring nobody along.
    """
    own = set(root_ids)
    return (_sharing(own) | _namesakes(own)) - own


def name_counts(names: Iterable[str]) -> dict[str, int]:
    """How many files bear each of these names."""
    keys = {persons.name_sort(name)[:120]: name for name in set(names) if name}
    sql = "SELECT name_sort, count(*) FROM customers_customercard WHERE archived_at IS NULL AND name_sort IN {values} GROUP BY name_sort"
    return {keys[key]: count for key, count in bulk.fetch_in(sql, sorted(keys))}


def living_roots(customer_ids: Iterable[int]) -> dict[int, int]:
    """{customer: root} of those whose root is a living file."""
    sql = (
        "SELECT c.id, c.root_id FROM customers_customer c JOIN customers_customercard k ON k.customer_id = c.root_id "
        "WHERE k.archived_at IS NULL AND c.id IN {values}"
    )
    return dict(bulk.fetch_in(sql, sorted(set(customer_ids))))


def _file(row: tuple, seals: Sequence[tuple[SealedRef, tuple[str, ...]]]) -> MatchingFile:
    customer_id, kind, name, *opened, values, _ = row
    stated = stored.parsed(values)
    known = {field: value for field, value in zip(_OPEN, opened, strict=True) if value}
    for field in _STATED:
        if stated.get(field):
            known[field] = stated[field]
    return MatchingFile(customer_id, kind, name, known, tuple(seals))


def _seals(origins: dict[int, dict[str, int]]) -> dict[int, list[tuple[SealedRef, tuple[str, ...]]]]:
    """Per root the versions that state a sealed field worth comparing: each field once a distinct value, golden first."""
    stated: dict[int, list[tuple[int, int, dict, bytes]]] = defaultdict(list)
    sql = (
        "SELECT c.root_id, v.id, r.id, v.facts, v.sealed FROM customers_sourceversion v "
        "JOIN customers_sourcerecord r ON r.id = v.source_record_id JOIN customers_customer c ON c.id = r.customer_id "
        "WHERE v.withdrawn_at IS NULL AND c.root_id IN {values}"
    )
    for root_id, version_id, record_id, facts, blob in bulk.fetch_in(sql, sorted(origins)):
        stated[root_id].append((version_id, record_id, stored.parsed(facts), bytes(blob)))
    return {root_id: _distinct(versions, origins[root_id]) for root_id, versions in stated.items()}


def _distinct(
    versions: list[tuple[int, int, dict, bytes]], origins: dict[str, int]
) -> list[tuple[SealedRef, tuple[str, ...]]]:
    golden = set(origins.values())
    seen: set[tuple[str, str]] = set()
    found = []
    if len(versions) > 1:
        versions = sorted(versions, key=lambda v: (v[0] not in golden, -v[0]))
    for version_id, record_id, facts, blob in versions:
        wanted = []
        for field in SEALED:
            if field not in facts or not isinstance(fact := facts[field], dict) or not (digest := fact.get("k", "")):
                continue
            if (field, digest) in seen or (field in _ONE_OF and origins.get(field) != version_id):
                continue
            seen.add((field, digest))
            wanted.append(field)
        if wanted:
            found.append((SealedRef(SEALED_COLUMN, version_id, record_id, blob), tuple(wanted)))
    return found


def _sharing(own: set[int]) -> set[int]:
    records = (
        "SELECT l.kind, l.digest FROM customers_customer c JOIN customers_sourcerecord r ON r.customer_id = c.id "
        f"JOIN customers_lookup l ON l.source_record_id = r.id WHERE l.kind IN ({', '.join(map(str, _NEAR))}) AND c.root_id IN {{values}}"
    )
    digests = sorted({(kind, bytes(digest)) for kind, digest in bulk.fetch_in(records, sorted(own))})
    found: set[int] = set()
    for kind in _NEAR:
        sharers: dict[bytes, set[int]] = defaultdict(set)
        sql = (
            "SELECT l.digest, c.root_id FROM customers_lookup l JOIN customers_sourcerecord r ON r.id = l.source_record_id "
            f"JOIN customers_customer c ON c.id = r.customer_id WHERE l.kind = {kind} AND l.digest IN {{values}}"
        )
        for digest, root in bulk.fetch_in(sql, [d for k, d in digests if k == kind]):
            sharers[bytes(digest)].add(root)
        for roots in sharers.values():
            if len(roots) <= _MOST_SHARERS:
                found |= roots
    return found


def _namesakes(own: set[int]) -> set[int]:
    cards = CustomerCard.objects.filter(customer_id__in=sorted(own)) if len(own) < 500 else CustomerCard.objects.all()
    places: dict[str, set[str]] = defaultdict(set)
    for customer_id, key, city in cards.values_list("customer_id", "name_sort", "city").iterator(chunk_size=5_000):
        if key and customer_id in own:
            places[key.partition("\t")[0]].add(city)
    found: set[int] = set()
    for reading, cities in places.items():
        near = CustomerCard.objects.filter(
            archived_at=None, name_sort__gte=f"{reading}\t", name_sort__lt=f"{reading}\n"
        )
        ids = list(
            near.order_by("name_sort", "customer_id").values_list("customer_id", flat=True)[: _MOST_NAMESAKES + 1]
        )
        if len(ids) > _MOST_NAMESAKES:
            there = near.filter(city__in=sorted(c for c in cities if c))
            ids = list(
                there.order_by("name_sort", "customer_id").values_list("customer_id", flat=True)[:_MOST_NAMESAKES]
            )
        found.update(ids)
    return found


def members_of(root_ids: Iterable[int]) -> set[int]:
    """Every customer of the merged groups the given customers are in."""
    roots = {
        root
        for _, root in bulk.fetch_in(
            "SELECT id, root_id FROM customers_customer WHERE id IN {values}", sorted(set(root_ids))
        )
    }
    return {
        one for (one,) in bulk.fetch_in("SELECT id FROM customers_customer WHERE root_id IN {values}", sorted(roots))
    }

"""Which tags customers have, and whom a row means that only tags somebody."""

from collections.abc import Iterable, Sequence

from zhike.customers.normalizing import Normalized, normalize
from zhike.customers.records import Statement
from zhike.kit import bulk


def tags_on(customer_ids: Iterable[int]) -> dict[int, set[int]]:
    """{root: ids of the tags on its file}."""
    found: dict[int, set[int]] = {}
    sql = "SELECT root_id, tag_id FROM customers_customertag WHERE root_id IN {values}"
    for customer, tag in bulk.fetch_in(sql, sorted(customer_ids)):
        found.setdefault(customer, set()).add(tag)
    return found


def roots_of_numbers(numbers: Iterable[str]) -> dict[str, int]:
    """{file number as given: root} of the numbers that exist and whose file is not put away."""
    sql = (
        "SELECT c.number, c.root_id FROM customers_customer c JOIN customers_customercard k ON k.customer_id = c.root_id "
        "WHERE k.archived_at IS NULL AND c.number IN {values}"
    )
    return {str(number): int(root) for number, root in bulk.fetch_in(sql, sorted(set(numbers)))}


def roots_meant(source_id: int | None, statements: Sequence[Statement]) -> list[int | None]:
    """The file each statement means, by its root; see `customers_meant`."""
    return [meant and meant[1] for meant in customers_meant(source_id, statements)]


def customers_meant(source_id: int | None, statements: Sequence[Statement]) -> list[tuple[int, int] | None]:
    """(customer, root) each statement means: by its key within the source, else the only file its identifiers answer to.

    In a merged group the customer is the one whose record was meant, so that a tag lies right when the merge is taken apart.
    """
    made = [normalize(statement) for statement in statements]
    sql = (
        "SELECT r.external_key, c.id, c.root_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE k.archived_at IS NULL AND r.source_id = %s AND r.external_key IN {values}"
    )
    found = bulk.fetch_in(sql, {m.external_key for m in made if m}, params=[source_id or 0])
    by_key = {key: (customer, root) for key, customer, root in found}
    sql = (
        "SELECT l.kind, l.digest, c.id, c.root_id FROM customers_lookup l JOIN customers_sourcerecord r ON r.id = l.source_record_id "
        "JOIN customers_customer c ON c.id = r.customer_id JOIN customers_customercard k ON k.customer_id = c.root_id "
        "WHERE k.archived_at IS NULL AND l.kind = %s AND l.digest IN {values}"
    )
    by_lookup: dict[tuple[int, bytes], set[tuple[int, int]]] = {}
    wanted: dict[int, set[bytes]] = {}
    for kind, digest in (pair for m in made if m for pair in m.joins):
        wanted.setdefault(kind, set()).add(digest)
    for kind, digests in wanted.items():
        for _, digest, customer, root in bulk.fetch_in(sql, digests, params=[kind]):
            by_lookup.setdefault((kind, bytes(digest)), set()).add((customer, root))
    return [_meant(m, by_key, by_lookup) for m in made]


def records_meant(source_id: int | None, statements: Sequence[Statement]) -> list[int | None]:
    """The source record each statement means, that a fact may point at it: see `customers_meant`.

    By its key it is that record of the source itself; by an identifier the eldest record of the only file that answers.
    """
    made = [normalize(statement) for statement in statements]
    sql = (
        "SELECT r.external_key, r.id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "JOIN customers_customercard k ON k.customer_id = c.root_id WHERE k.archived_at IS NULL AND r.source_id = %s AND r.external_key IN {values}"
    )
    by_key = dict(bulk.fetch_in(sql, {m.external_key for m in made if m}, params=[source_id or 0]))
    found: list[int | None] = [by_key.get(m.external_key) if m else None for m in made]
    asked = [place for place, m in enumerate(made) if found[place] is None and m is not None and m.joins]
    meant = dict(zip(asked, customers_meant(source_id, [statements[place] for place in asked]), strict=True))
    first = _eldest(pair[0] for pair in meant.values() if pair)
    for place, pair in meant.items():
        found[place] = first.get(pair[0]) if pair else None
    return found


def _eldest(customer_ids: Iterable[int]) -> dict[int, int]:
    first: dict[int, int] = {}
    sql = "SELECT customer_id, id FROM customers_sourcerecord WHERE customer_id IN {values}"
    for customer, record in bulk.fetch_in(sql, sorted(set(customer_ids))):
        first[customer] = min(record, first.get(customer, record))
    return first


def _meant(
    made: Normalized | None,
    by_key: dict[str, tuple[int, int]],
    by_lookup: dict[tuple[int, bytes], set[tuple[int, int]]],
) -> tuple[int, int] | None:
    if made is None or made.external_key in by_key:
        return by_key[made.external_key] if made else None
    answering = {holder for pair in made.joins for holder in by_lookup.get(pair, ())}
    roots = {root for _, root in answering}
    if len(roots) != 1:
        return None
    return answering.pop() if len(answering) == 1 else (root := roots.pop(), root)

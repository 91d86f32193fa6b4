"""Which tags customers have, and whom a row means that only tags somebody."""

from collections.abc import Iterable, Sequence

from zhike.customers.normalizing import Normalized, normalize
from zhike.customers.records import Statement
from zhike.kit import bulk


def tags_on(customer_ids: Iterable[int]) -> dict[int, set[int]]:
    """{customer: ids of the tags on it}."""
    found: dict[int, set[int]] = {}
    sql = "SELECT customer_id, tag_id FROM customers_customertag WHERE customer_id IN {values}"
    for customer, tag in bulk.fetch_in(sql, sorted(customer_ids)):
        found.setdefault(customer, set()).add(tag)
    return found


def roots_meant(source_id: int | None, statements: Sequence[Statement]) -> list[int | None]:
    """The customer each statement means: by its key within the source, else the only one its identifiers answer to."""
    made = [normalize(statement) for statement in statements]
    sql = (
        "SELECT r.external_key, c.root_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "WHERE c.archived_at IS NULL AND r.source_id = %s AND r.external_key IN {values}"
    )
    by_key = dict(bulk.fetch_in(sql, {m.external_key for m in made if m}, params=[source_id or 0]))
    sql = (
        "SELECT l.kind, l.digest, c.root_id FROM customers_lookup l JOIN customers_sourcerecord r ON r.id = l.source_record_id "
        "JOIN customers_customer c ON c.id = r.customer_id WHERE c.archived_at IS NULL AND l.kind = %s AND l.digest IN {values}"
    )
    by_lookup: dict[tuple[int, bytes], set[int]] = {}
    wanted: dict[int, set[bytes]] = {}
    for kind, digest in (pair for m in made if m for pair in m.joins):
        wanted.setdefault(kind, set()).add(digest)
    for kind, digests in wanted.items():
        for _, digest, root in bulk.fetch_in(sql, digests, params=[kind]):
            by_lookup.setdefault((kind, bytes(digest)), set()).add(root)
    return [_meant(m, by_key, by_lookup) for m in made]


def _meant(made: Normalized | None, by_key: dict[str, int], by_lookup: dict[tuple[int, bytes], set[int]]) -> int | None:
    if made is None or made.external_key in by_key:
        return by_key[made.external_key] if made else None
    answering = {root for pair in made.joins for root in by_lookup.get(pair, ())}
    return answering.pop() if len(answering) == 1 else None

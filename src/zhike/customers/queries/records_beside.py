"""Which records stand on the same files."""

from collections.abc import Iterable

from zhike.kit import bulk


def customers_holding(record_ids: Iterable[int]) -> dict[int, int]:
    """{record: the customer it stands on}, which in a merged group need not be the root."""
    sql = "SELECT id, customer_id FROM customers_sourcerecord WHERE id IN {values}"
    return dict(bulk.fetch_in(sql, sorted(set(record_ids))))


def records_beside(record_ids: Iterable[int]) -> dict[int, int]:
    """For every record of the files on which the given records stand (merged groups included): its root."""
    roots_sql = (
        "SELECT DISTINCT c.root_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id "
        "WHERE r.id IN {values}"
    )
    roots = [root for (root,) in bulk.fetch_in(roots_sql, sorted(set(record_ids)))]
    sql = (
        "SELECT r.id, c.root_id FROM customers_customer c JOIN customers_sourcerecord r ON r.customer_id = c.id "
        "WHERE c.root_id IN {values}"
    )
    return dict(bulk.fetch_in(sql, sorted(set(roots))))

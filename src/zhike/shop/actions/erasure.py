"""Erasing a person from the shop: orders keep their amounts, dates and goods, and lose receivers and messages."""

from zhike.customers import queries as customers
from zhike.kit import bulk


def erase_receivers(customer_id: int) -> None:
    """Take receivers and messages out of every statement of a customer's orders; repeatable. Call inside a transaction.

    Statements of theirs on orders that now show another buyer were sealed under a key that died with the customer's records.
    """
    records = customers.record_ids_of(customer_id)
    orders = [i for (i,) in bulk.fetch_in("SELECT id FROM shop_order WHERE source_record_id IN {values}", records)]
    sql = "SELECT id FROM shop_orderversion WHERE sealed IS NOT NULL AND order_id IN {values}"
    versions = [(i, None, None) for (i,) in bulk.fetch_in(sql, orders)]
    bulk.update_many("shop_orderversion", "id", ["sealed", "sealed_record_id"], versions)

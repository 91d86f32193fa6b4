"""Taking the demo shop's orders out again."""

from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from zhike.kit import bulk
from zhike.secure import vault
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.shop.actions import takings
from zhike.shop.models import AfterSaleCase, Order, Product, ProductCost, StatedVersion

_BATCH = 500


def forget_orders(source_ids: Sequence[int], *, by: Viewer) -> Iterator[int]:
    """Delete the orders, products and after-sale cases of sources (demo ones: the caller answers for that), yielding orders deleted."""
    check(by, "demo.manage")
    while orders := list(Order.objects.filter(source_id__in=source_ids).values_list("id", flat=True)[:_BATCH]):
        with transaction.atomic(), takings.kept(orders):
            keys = _forget(orders)
        vault.destroy_keys(keys)
        yield len(orders)
    for model, about in ((Product, "product"), (AfterSaleCase, "case")):
        while found := list(model.objects.filter(source_id__in=source_ids).values_list("id", flat=True)[:_BATCH]):
            with transaction.atomic():
                _forget_stated(about, found)
                ProductCost.objects.filter(product_id__in=found if about == "product" else ()).delete()
                model.objects.filter(id__in=found).delete()


def _forget_stated(about: str, ids: list[int]) -> None:
    """What files said of these products or cases, and which runs said it."""
    said = list(StatedVersion.objects.filter(about=about, about_id__in=ids).values_list("id", flat=True))
    _delete("shop_statedsighting", "version_id", said)
    _delete("shop_statedversion", "id", said)


def _forget(order_ids: list[int]) -> list[int]:
    """Delete orders whole; returns whose keys sealed nothing but them."""
    sql = "SELECT id, source_record_id, sealed_record_id FROM shop_orderversion WHERE order_id IN {values}"
    versions = list(bulk.fetch_in(sql, order_ids))
    ids = [version for version, _, _ in versions]
    _delete("shop_orderline", "version_id", ids)
    _delete("shop_ordersighting", "version_id", ids)
    _delete("shop_orderversion", "id", ids)
    _delete("shop_order", "id", order_ids)
    return [key for _, record, key in versions if key is not None and record is None]


def _delete(table: str, column: str, values: list[int]) -> None:
    for start in range(0, len(values), _BATCH):
        part = values[start : start + _BATCH]
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {column} IN ({', '.join(['%s'] * len(part))})", part)

"""What customers bought, for the rows of one page: products of their newest orders, and what catalogues say of these."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhike.customers import queries as customers
from zhike.kit import rows as stored
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

BOUGHT: tuple[tuple[str, Any], ...] = (
    ("last_product", _("Last product")),
    ("products", _("Products bought")),
    ("goods.category", _("Categories bought")),
    ("goods.brand", _("Brands bought")),
    ("goods.picture", _("Pictures of what was bought")),
    ("goods.material", _("Materials bought")),
    ("goods.style", _("Styles bought")),
    ("goods.matching", _("Bought to match")),
    ("goods.color", _("Colors bought")),
    ("goods.designer", _("Designers bought")),
)
# What catalogues head these attributes with, in small letters.
_HEADS = {
    "goods.picture": ("picture", "image", "photo", "图片", "主图", "商品图片"),
    "goods.material": ("material", "fabric", "材质", "面料", "材料", "成分"),
    "goods.style": ("style", "风格", "款式"),
    "goods.matching": ("matching", "goes with", "搭配", "配套"),
    "goods.color": ("color", "colour", "颜色", "颜色分类", "花色"),
    "goods.designer": ("designer", "设计师", "设计者"),
}
_ORDERS_EACH = 5  # newest orders looked at of each source record: a page's cost does not grow with a buyer's orders
_RECORDS = 400  # in one question, which names each record once
_NAMED = 3
_NEWEST = (
    "SELECT * FROM (SELECT source_record_id, current_version_id, ordered_at FROM shop_order "
    "WHERE source_record_id = %s AND current_version_id IS NOT NULL AND net_cents > 0 "
    f"ORDER BY ordered_at DESC LIMIT {_ORDERS_EACH}) AS newest"
)
_LINES = (
    "SELECT l.version_id, p.title, p.category, p.brand, p.attributes FROM shop_orderline l "
    "JOIN shop_product p ON p.id = l.product_id WHERE l.kind = 'goods' AND l.version_id IN ({}) "
    "ORDER BY l.version_id, l.line_no"
)
_Goods = dict[str, str]  # what one product says in each column


def bought(viewer: Viewer, customer_ids: Sequence[int], columns: Sequence[str]) -> dict[str, Mapping[int, str]]:
    """{column of BOUGHT: {customer: text}} from the five newest orders of each source record that brought money.

    A fixed number of questions for a page's customers. Nothing for a viewer who may not see orders and their lines.
    """
    if secure.sight(viewer, "order_lines") != "shown" or not viewer.can("orders.view"):
        return {code: {} for code in columns}
    goods = _goods_of(customers.records_of(viewer, customer_ids))
    return {code: {c: text for c, own in goods.items() if (text := _text(own, code))} for code in columns}


def _text(own: Sequence[_Goods], code: str) -> str:
    """The first product, or the first three different things its goods say in a column."""
    if code == "last_product":
        return own[0].get("products", "")
    said = list(dict.fromkeys(text for goods in own if (text := goods.get(code))))
    return "、".join(said[:_NAMED]) + ("…" if len(said) > _NAMED else "")


def _goods_of(owners: Mapping[int, int]) -> dict[int, list[_Goods]]:
    """Goods by customer, those of the newest order first."""
    records = list(owners)
    newest: list[tuple[Any, ...]] = []
    lines: dict[int, list[_Goods]] = defaultdict(list)
    with connection.cursor() as cursor:
        for start in range(0, len(records), _RECORDS):
            some = records[start : start + _RECORDS]
            cursor.execute(" UNION ALL ".join([_NEWEST] * len(some)), some)
            newest += cursor.fetchall()
        versions = [version for _, version, _ in newest]
        if versions:
            cursor.execute(_LINES.format(", ".join(["%s"] * len(versions))), versions)
            for version, *product in cursor.fetchall():
                lines[version].append(_said(*product))
    found: dict[int, list[_Goods]] = defaultdict(list)
    for record, version, _at in sorted(newest, key=lambda row: str(row[2]), reverse=True):
        found[owners[record]] += lines[version]
    return {customer: own for customer, own in found.items() if own}


def _said(title: str, category: str, brand: str, attributes: Any) -> _Goods:
    stated = {name.strip().casefold(): str(text) for name, text in (stored.parsed(attributes) or {}).items()}
    said = {code: next((stated[head] for head in heads if head in stated), "") for code, heads in _HEADS.items()}
    return said | {"products": title, "goods.category": category, "goods.brand": brand}

"""Tables of the shop module; private to it."""

from zhike.shop.models.order import Order, OrderLine, OrderSighting, OrderVersion, RunStart
from zhike.shop.models.product import Product
from zhike.shop.models.stated import AfterSaleCase, StatedSighting, StatedVersion

__all__ = [
    "AfterSaleCase",
    "Order",
    "OrderLine",
    "OrderSighting",
    "OrderVersion",
    "Product",
    "RunStart",
    "StatedSighting",
    "StatedVersion",
]

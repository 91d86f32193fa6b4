"""Tables of the shop module; private to it."""

from zhike.shop.models.order import Order, OrderLine, OrderSighting, OrderVersion, RunStart
from zhike.shop.models.product import Product

__all__ = ["Order", "OrderLine", "OrderSighting", "OrderVersion", "Product", "RunStart"]

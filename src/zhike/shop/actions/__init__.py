"""The verbs of the shop module: what other modules may do to orders."""

from zhike.shop.actions.batch import PreparedOrders
from zhike.shop.actions.figures import finish_run, recount
from zhike.shop.actions.forgetting import forget_orders
from zhike.shop.actions.orders import prepare_orders, record_orders
from zhike.shop.actions.stated import CASE, PRODUCT, PreparedStated, prepare_stated, record_stated, withdraw_stated
from zhike.shop.actions.withdrawal import withdraw_run

__all__ = [
    "CASE",
    "PRODUCT",
    "PreparedOrders",
    "PreparedStated",
    "finish_run",
    "forget_orders",
    "prepare_orders",
    "prepare_stated",
    "record_orders",
    "record_stated",
    "recount",
    "withdraw_run",
    "withdraw_stated",
]

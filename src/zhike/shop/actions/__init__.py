"""The verbs of the shop module: what other modules may do to orders."""

from zhike.shop.actions.batch import PreparedOrders
from zhike.shop.actions.contracts import (
    ContractRefused,
    Terms,
    add_clause,
    add_contract,
    add_price,
    change_contract,
    close_dispute,
    forget_contracts,
    forget_lost_contracts,
    judge_clause,
    open_dispute,
    remind_of_ends,
    remove_price,
)
from zhike.shop.actions.costs import CostFileRefused, CostTally, record_costs
from zhike.shop.actions.figures import finish_run, recount
from zhike.shop.actions.forgetting import forget_orders
from zhike.shop.actions.orders import prepare_orders, record_orders
from zhike.shop.actions.stated import CASE, PRODUCT, PreparedStated, prepare_stated, record_stated, withdraw_stated
from zhike.shop.actions.withdrawal import withdraw_run
from zhike.shop.crossing import pack_orders, unpack_orders

__all__ = [
    "CASE",
    "PRODUCT",
    "ContractRefused",
    "CostFileRefused",
    "CostTally",
    "PreparedOrders",
    "PreparedStated",
    "Terms",
    "add_clause",
    "add_contract",
    "add_price",
    "change_contract",
    "close_dispute",
    "finish_run",
    "forget_contracts",
    "forget_lost_contracts",
    "forget_orders",
    "judge_clause",
    "open_dispute",
    "pack_orders",
    "prepare_orders",
    "prepare_stated",
    "record_costs",
    "record_orders",
    "record_stated",
    "recount",
    "remind_of_ends",
    "remove_price",
    "unpack_orders",
    "withdraw_run",
    "withdraw_stated",
]

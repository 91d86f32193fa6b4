"""Tables of the shop module; private to it."""

from zhike.shop.models.contract import Contract, ContractClause, ContractDispute, ContractPrice
from zhike.shop.models.cost import ProductCost
from zhike.shop.models.order import Order, OrderLine, OrderSighting, OrderVersion, RunStart
from zhike.shop.models.product import Product
from zhike.shop.models.stated import AfterSaleCase, StatedSighting, StatedVersion
from zhike.shop.models.takings import DayTakings

__all__ = [
    "AfterSaleCase",
    "Contract",
    "ContractClause",
    "ContractDispute",
    "ContractPrice",
    "DayTakings",
    "Order",
    "OrderLine",
    "OrderSighting",
    "OrderVersion",
    "Product",
    "ProductCost",
    "RunStart",
    "StatedSighting",
    "StatedVersion",
]

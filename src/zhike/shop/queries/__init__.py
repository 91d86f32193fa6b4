"""Questions the shop answers; nothing here writes, and every answer keeps to the viewer's scope."""

from zhike.shop.queries import contract_words, words
from zhike.shop.queries.asking import read_filter
from zhike.shop.queries.bought import BOUGHT, bought
from zhike.shop.queries.catalogue import CaseFilter, cases, cases_of_order, foresee_stated, open_cases_of, products
from zhike.shop.queries.contracts import contract, contract_items, contracts, contracts_of, records_under_contract
from zhike.shop.queries.costs import out_of_stock, product_attributes, product_titles, stock_values, unit_costs
from zhike.shop.queries.detail import RECEIVER, order, sealed_ref, timeline
from zhike.shop.queries.foresight import TO_BE_MADE, foresee, priced
from zhike.shop.queries.orders import (
    exact_order_count,
    newest_order_at,
    nobodys_orders,
    order_count,
    orders,
    orders_of,
    orders_since,
    records_of_number,
    sources_of,
    takings,
)
from zhike.shop.queries.owed import Owed, monthly_net_cents, owed
from zhike.shop.queries.owned import owned_by
from zhike.shop.queries.said import said_by

__all__ = [
    "BOUGHT",
    "RECEIVER",
    "TO_BE_MADE",
    "CaseFilter",
    "Owed",
    "bought",
    "cases",
    "cases_of_order",
    "contract",
    "contract_items",
    "contract_words",
    "contracts",
    "contracts_of",
    "exact_order_count",
    "foresee",
    "foresee_stated",
    "monthly_net_cents",
    "newest_order_at",
    "nobodys_orders",
    "open_cases_of",
    "order",
    "order_count",
    "orders",
    "orders_of",
    "orders_since",
    "out_of_stock",
    "owed",
    "owned_by",
    "priced",
    "product_attributes",
    "product_titles",
    "products",
    "read_filter",
    "records_of_number",
    "records_under_contract",
    "said_by",
    "sealed_ref",
    "sources_of",
    "stock_values",
    "takings",
    "timeline",
    "unit_costs",
    "words",
]

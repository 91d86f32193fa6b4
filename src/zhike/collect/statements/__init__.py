"""From rows to statements: groups of rows of one thing, and what each group says about an order or a customer."""

from zhike.collect.statements.customers import CustomerBuilder
from zhike.collect.statements.grouping import Group, Layout, groups, layout_of
from zhike.collect.statements.made import Made
from zhike.collect.statements.orders import OrderBuilder
from zhike.collect.statements.stated import StatedBuilder
from zhike.collect.statements.visits import VisitBuilder

__all__ = [
    "CustomerBuilder",
    "Group",
    "Layout",
    "Made",
    "OrderBuilder",
    "StatedBuilder",
    "VisitBuilder",
    "groups",
    "layout_of",
]

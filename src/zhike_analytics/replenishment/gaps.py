"""Days on which a customer bought a product, and the days between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    import ibis.expr.types as ir


def purchase_days(
    lines: Any,
    *,
    customer: str = "customer_id",
    product: str = "product_id",
    day: str = "day",
    quantity: str | None = "quantity",
    category: str | None = None,
) -> ir.Table:
    """customer_id, product_id, day, quantity, category: one row for each day on which somebody bought a product.

    Orders of one day are one purchase. What came back on the same day is taken off; a day with nothing left is none.
    Without `quantity` every purchase is of one piece.
    """
    read = table(lines)
    for name in (customer, product, day, quantity, category):
        if name is not None and name not in read.columns:
            raise MeasureProblem("orders.column_missing", column=name)
    held = read.select(
        customer_id=read[customer],
        product_id=read[product],
        day=read[day].cast("date"),
        quantity=read[quantity].cast("float64") if quantity else ibis.literal(1.0, "float64"),
        # Without a category a product stands for itself alone.
        category=ibis.coalesce(read[category].cast("string").nullif(""), read[product].cast("string"))
        if category
        else read[product].cast("string"),
    )
    held = held.filter(held.customer_id.notnull() & held.product_id.notnull() & held.day.notnull())
    days = held.group_by(["customer_id", "product_id", "day"]).aggregate(
        quantity=held.quantity.sum(), category=held.category.max()
    )
    return days.filter(days.quantity > 0)


def purchase_gaps(days: ir.Table) -> ir.Table:
    """customer_id, product_id, category, gap_days (≥ 1): between one purchase day and the next."""
    own = ibis.window(group_by=[days.customer_id, days.product_id], order_by=days.day)
    followed = days.mutate(before=days.day.lag().over(own))
    followed = followed.filter(followed.before.notnull())
    return followed.select(
        "customer_id",
        "product_id",
        "category",
        gap_days=followed.day.delta(followed.before, unit="day").cast("float64"),
    )

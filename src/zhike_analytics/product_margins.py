"""Product measures 商品毛利率、周转率、交叉比率、贡献比率, and margins of customers; what cost is not known is not guessed.

Formulas: margin rate = (revenue − cost of sales) ÷ revenue; average stock = (opening + closing) ÷ 2, at cost;
turnover = cost of sales ÷ average stock; cross ratio 交叉比率 = margin rate × turnover; contribution ratio 贡献比率 =
cross ratio × share of sales. Some define 贡献度 as margin rate × share of sales: here ``margin_contribution``.
Source: Chinese handbooks of customer composition analysis; usual per quarter, so give the lines of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import _cents, table

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class Coverage:
    """How far margins can be known: products and revenue (net, cents) in all, and those whose cost is known.

    margin_cents and margin_rate are of the covered part only. revenue_share is None without revenue.
    """

    products: int
    products_with_cost: int
    products_with_stock: int
    revenue_cents: int
    covered_revenue_cents: int
    margin_cents: int
    revenue_share: float | None
    margin_rate: float | None


def product_measures(
    lines: Any,
    *,
    costs: Any = None,
    stock: Any = None,
    product: str = "product_id",
    quantity: str = "quantity",
    amount: str = "amount_cents",
    unit: str = "cents",
    con: Any = None,
) -> ir.Table:
    """One row per product, most revenue first, from order lines (returns as negative lines).

    costs: ``product``, ``unit_cost_cents`` (null or absent: not known). stock: ``product``, ``opening_cents``,
    ``closing_cents``, at cost. Columns: product_id, quantity, revenue_cents, sales_share (of the net of all),
    unit_cost_cents, cost_cents (quantity × unit cost), margin_cents, margin_rate, average_stock_cents, turnover,
    cross_ratio, contribution_ratio, margin_contribution. Without a cost everything from cost_cents on is null, and a
    ratio whose divisor is not above zero is null, never 0. Ask :func:`coverage` how much that is.
    """
    held = _lines(lines, {"product_id": product}, quantity, amount, unit, con)
    sold = held.group_by("product_id").aggregate(
        quantity=held.quantity.sum(), revenue_cents=held.cents.sum().cast("int64")
    )
    sold = _with(sold, costs, product, {"unit_cost_cents": "int64"}, con)
    sold = _with(sold, stock, product, {"opening_cents": "int64", "closing_cents": "int64"}, con)
    whole = sold.revenue_cents.sum().over(ibis.window())
    sold = sold.mutate(
        sales_share=_ratio(sold.revenue_cents, whole),
        cost_cents=(sold.quantity * sold.unit_cost_cents).cast("int64"),
        average_stock_cents=(sold.opening_cents + sold.closing_cents) / 2,
    )
    sold = sold.mutate(
        margin_cents=sold.revenue_cents - sold.cost_cents,
        turnover=_ratio(sold.cost_cents, sold.average_stock_cents),
    )
    sold = sold.mutate(margin_rate=_ratio(sold.margin_cents, sold.revenue_cents))
    sold = sold.mutate(
        cross_ratio=sold.margin_rate * sold.turnover, margin_contribution=sold.margin_rate * sold.sales_share
    )
    sold = sold.mutate(contribution_ratio=sold.cross_ratio * sold.sales_share)
    return sold.select(*_PRODUCT_COLUMNS).order_by([ibis.desc("revenue_cents"), "product_id"])


_PRODUCT_COLUMNS = (
    "product_id", "quantity", "revenue_cents", "sales_share", "unit_cost_cents", "cost_cents", "margin_cents",
    "margin_rate", "average_stock_cents", "turnover", "cross_ratio", "contribution_ratio", "margin_contribution",
)  # fmt: skip


def margins(
    lines: Any,
    *,
    by: str,
    costs: Any = None,
    product: str = "product_id",
    quantity: str = "quantity",
    amount: str = "amount_cents",
    unit: str = "cents",
    con: Any = None,
) -> ir.Table:
    """Gross margin by any column of the lines (customer, category, source …): item_id, revenue_cents,
    covered_revenue_cents (of products with a cost), coverage_share, margin_cents and margin_rate of the covered part;
    margin_cents is null where nothing is covered. Rows without the column are left out."""
    held = _lines(lines, {"product_id": product, "item_id": by}, quantity, amount, unit, con)
    held = _with(held.filter(held.item_id.notnull()), costs, product, {"unit_cost_cents": "int64"}, con)
    covered = held.unit_cost_cents.notnull()
    found = held.group_by("item_id").aggregate(
        revenue_cents=held.cents.sum().cast("int64"),
        covered_revenue_cents=held.cents.sum(where=covered).fill_null(0).cast("int64"),
        margin_cents=(held.cents - held.quantity * held.unit_cost_cents).sum(where=covered).cast("int64"),
    )
    return found.mutate(
        coverage_share=_ratio(found.covered_revenue_cents, found.revenue_cents),
        margin_rate=_ratio(found.margin_cents, found.covered_revenue_cents),
    ).order_by([ibis.desc("margin_cents"), "item_id"])


def coverage(measured: ir.Table) -> Coverage:
    """How much of the table of :func:`product_measures` stands on known costs."""
    known = measured.margin_cents.notnull()
    found = measured.aggregate(
        products=measured.count(), products_with_cost=measured.margin_cents.count(),
        products_with_stock=measured.average_stock_cents.count(),
        revenue_cents=measured.revenue_cents.sum().fill_null(0).cast("int64"),
        covered_revenue_cents=measured.revenue_cents.sum(where=known).fill_null(0).cast("int64"),
        margin_cents=measured.margin_cents.sum().fill_null(0).cast("int64"),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    revenue, covered = found["revenue_cents"], found["covered_revenue_cents"]
    return Coverage(
        **found,
        revenue_share=covered / revenue if revenue > 0 else None,
        margin_rate=found["margin_cents"] / covered if covered > 0 else None,
    )


def _lines(lines: Any, keys: dict[str, str], quantity: str, amount: str, unit: str, con: Any) -> ir.Table:
    held = table(lines, con)
    for name in (*keys.values(), quantity, amount):
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name[:60])
    held = held.select(
        **{key: held[name] for key, name in keys.items()},
        quantity=held[quantity].fill_null(0),
        cents=_cents(held[amount], unit),
    )
    return held.filter(held.product_id.notnull())


def _with(rows: ir.Table, told: Any, product: str, columns: dict[str, str], con: Any) -> ir.Table:
    """Join what is told of products, one row each; all null where nothing is."""
    if told is None:
        return rows.mutate(**{name: ibis.null(kind) for name, kind in columns.items()})
    held = table(told, con)
    for name in (product, *columns):
        if name not in held.columns:
            raise MeasureProblem("orders.column_missing", column=name[:60])
    # Of two rows for one product neither is better: the greater cost, so that no margin is flattered.
    held = held.group_by(told_id=held[product]).aggregate(
        **{name: held[name].max().cast(kind) for name, kind in columns.items()}
    )
    return rows.left_join(held, rows.product_id == held.told_id).drop("told_id")


def _ratio(part: Any, whole: Any) -> Any:
    """part ÷ whole, null where the whole is not above zero."""
    return part / ibis.ifelse(whole > 0, whole, ibis.null(whole.type()))

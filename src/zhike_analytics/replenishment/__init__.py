"""Next purchase and consumables 主动服务: when a customer will need a product again, from few data. Tables in, tables out.

    >>> from zhike_analytics.replenishment import due_soon, expected
    >>> due_soon(expected("lines.parquet", as_of="2026-11-22"), within_days=14)  # doctest: +SKIP

The usual gap of a customer is drawn towards that of everybody who buys the product, or its category, the more the fewer
gaps they have: ĝ = (n·g + k·g₀) ÷ (n + k).
"""

from __future__ import annotations

from zhike_analytics.replenishment.expecting import due_soon, expected
from zhike_analytics.replenishment.gaps import purchase_days, purchase_gaps
from zhike_analytics.replenishment.judging import backtest

__all__ = ["backtest", "due_soon", "expected", "purchase_days", "purchase_gaps"]

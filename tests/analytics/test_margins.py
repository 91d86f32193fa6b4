"""Product measures: the worked check, missing costs told instead of guessed, real products with known margins."""

import pandas as pd
import pytest

from tests.proofs import note
from zhike_analytics import abc, coverage, margins, product_measures
from zhike_analytics.problem import MeasureProblem


def sold(*lines: tuple[str, int, int], **more) -> pd.DataFrame:
    """(product, quantity, cents)."""
    columns = {"product_id": [p for p, _, _ in lines], "quantity": [n for _, n, _ in lines]}
    return pd.DataFrame({**columns, "amount_cents": [c for _, _, c in lines], **more})


def costs(**prices: int | None) -> pd.DataFrame:
    values = pd.array(list(prices.values()), "Int64")
    return pd.DataFrame({"product_id": list(prices), "unit_cost_cents": values})


def rows(table) -> dict:
    return {row["product_id"]: row for row in table.to_pyarrow().to_pylist()}


def test_a_quarter_margin_six_turns_and_two_fifths_of_sales_make_the_published_ratios() -> None:
    stock = pd.DataFrame({"product_id": ["tea"], "opening_cents": [400], "closing_cents": [600]})
    found = rows(product_measures(sold(("tea", 10, 4000), ("cup", 5, 6000)), costs=costs(tea=300), stock=stock))["tea"]
    note("Margin 25 %, turnover 6, share of sales 40 %", published="cross ratio 1.5, contribution 0.60",
         ours=f"cross ratio {found['cross_ratio']:g}, contribution {found['contribution_ratio']:.2f}")  # fmt: skip
    assert (found["margin_rate"], found["turnover"], found["sales_share"]) == (0.25, 6.0, 0.4)
    assert found["cross_ratio"] == 1.5
    assert found["contribution_ratio"] == pytest.approx(0.60)
    assert found["margin_contribution"] == pytest.approx(0.10)


def test_a_product_without_a_cost_has_no_margin_and_the_coverage_says_so() -> None:
    table = product_measures(sold(("tea", 10, 4000), ("cup", 5, 6000)), costs=costs(tea=300, cup=None))
    found = rows(table)
    assert [found["cup"][name] for name in ("cost_cents", "margin_cents", "margin_rate", "cross_ratio")] == [None] * 4
    told = coverage(table)
    assert (told.products, told.products_with_cost, told.products_with_stock) == (2, 1, 0)
    assert (told.revenue_share, told.margin_cents, told.margin_rate) == (0.4, 1000, 0.25)


def test_without_any_cost_nothing_is_claimed() -> None:
    table = product_measures(sold(("tea", 10, 4000)))
    told = coverage(table)
    assert (told.products_with_cost, told.revenue_share, told.margin_rate) == (0, 0.0, None)
    by_margin = abc(table, item="product_id", value="margin_cents").to_pyarrow().to_pylist()
    assert [row["abc_class"] for row in by_margin] == ["unknown"]


def test_goods_sent_back_lower_cost_and_revenue_and_a_loss_is_a_negative_margin() -> None:
    table = product_measures(sold(("tea", 10, 4000), ("tea", -2, -800), ("cup", 1, 100)), costs=costs(tea=300, cup=150))
    found = rows(table)
    assert (found["tea"]["quantity"], found["tea"]["cost_cents"], found["tea"]["margin_cents"]) == (8, 2400, 800)
    assert found["cup"]["margin_rate"] == -0.5


def test_what_was_only_given_back_has_no_rate_at_all() -> None:
    found = rows(product_measures(sold(("tea", -1, -400)), costs=costs(tea=300)))["tea"]
    assert found["margin_cents"] == -100
    assert (found["margin_rate"], found["sales_share"]) == (None, None)


def test_a_stock_of_nothing_turns_never_instead_of_for_ever() -> None:
    stock = pd.DataFrame({"product_id": ["tea"], "opening_cents": [0], "closing_cents": [0]})
    found = rows(product_measures(sold(("tea", 1, 400)), costs=costs(tea=300), stock=stock))["tea"]
    assert (found["turnover"], found["cross_ratio"]) == (None, None)


def test_of_two_costs_for_one_product_the_greater_counts_so_that_no_line_doubles() -> None:
    twice = pd.DataFrame({"product_id": ["tea", "tea"], "unit_cost_cents": [300, 350]})
    found = rows(product_measures(sold(("tea", 10, 4000)), costs=twice))["tea"]
    assert (found["quantity"], found["cost_cents"]) == (10, 3500)


def test_margins_of_customers_show_how_much_of_their_money_they_stand_on() -> None:
    lines = sold(("tea", 10, 4000), ("cup", 1, 1000), ("cup", 2, 2000), customer_id=["ann", "ann", "bob"])
    found = {
        row["item_id"]: row for row in margins(lines, by="customer_id", costs=costs(tea=300)).to_pyarrow().to_pylist()
    }
    assert (found["ann"]["margin_cents"], found["ann"]["coverage_share"], found["ann"]["margin_rate"]) == (
        1000,
        0.8,
        0.25,
    )
    assert (found["bob"]["margin_cents"], found["bob"]["coverage_share"]) == (None, 0.0)


def test_the_products_of_online_retail_add_up_to_the_file(online_retail) -> None:
    lines = online_retail.rename(columns={"net_cents": "amount_cents"})
    # Costs made up by a rule, for half of the products.
    codes = sorted(lines.product_id.unique())[::2]
    made_up = pd.DataFrame({"product_id": codes, "unit_cost_cents": [50 + len(code) for code in codes]})
    table = product_measures(lines, costs=made_up).to_pandas().set_index("product_id")
    by_hand = lines.groupby("product_id")[["quantity", "amount_cents"]].sum()
    assert (table.revenue_cents == by_hand.amount_cents.reindex(table.index)).all()
    known = made_up.set_index("product_id").unit_cost_cents
    expected = by_hand.amount_cents - by_hand.quantity * known.reindex(by_hand.index)
    held = table.margin_cents.dropna()
    assert len(held) == len(codes)
    assert (held == expected.reindex(held.index)).all()
    told = coverage(product_measures(lines, costs=made_up))
    assert told.revenue_cents == lines.amount_cents.sum()
    assert told.covered_revenue_cents == by_hand.amount_cents.reindex(codes).sum()


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(MeasureProblem, match="column_missing"):
        product_measures(sold(("tea", 1, 1)), costs=pd.DataFrame({"product_id": ["tea"]}))
    with pytest.raises(MeasureProblem, match="column_missing"):
        margins(sold(("tea", 1, 1)), by="city")

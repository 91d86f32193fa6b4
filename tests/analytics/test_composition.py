"""Composition and the bridge between two periods, against plain Python on real files, and adding up on any."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analytics import oracle_value
from tests.analytics.published import published
from tests.proofs import note
from zhike_analytics import bridge, bridge_steps, bridged, composition, composition_over_time
from zhike_analytics.problem import MeasureProblem

START = date(2026, 1, 1)
BEFORE, AFTER = (START, START + timedelta(days=29)), (START + timedelta(days=40), START + timedelta(days=69))
ORDERS = st.lists(
    st.tuples(st.integers(1, 8), st.integers(-30, 80), st.integers(-900, 3000)), min_size=1, max_size=60
)  # fmt: skip
FEW = settings(max_examples=40, deadline=None)


def shop(orders, **more) -> pd.DataFrame:
    held = {
        "customer_id": [who for who, _, _ in orders],
        "order_id": list(range(len(orders))),
        "day": [START + timedelta(days=days) for _, days, _ in orders],
        "net_cents": [cents for _, _, cents in orders],
    }
    return pd.DataFrame({**held, **more})


def kinds(table) -> dict[str, tuple[int, int]]:
    return {row["kind"]: (row["customers"], row["change_cents"]) for row in table.to_pyarrow().to_pylist()}


def groups(table) -> dict[str, tuple[int, int, int]]:
    rows = table.to_pyarrow().to_pylist()
    return {row["group"]: (row["customers"], row["orders"], row["revenue_cents"]) for row in rows}


def test_each_kind_of_change_is_told_apart() -> None:
    lines = shop(
        [
            (1, 5, 1000), (1, 45, 1500),  # more
            (2, 5, 1000), (2, 45, 400),  # less
            (3, 5, 700), (3, 45, 700),  # the same
            (4, 5, 900), (4, 50, -100),  # lost, with something given back later
            (5, 45, 300),  # new
            (6, -20, 100), (6, 45, 250),  # returned after a pause
            (7, 35, 100), (7, 45, 50),  # bought between the periods: returned, not new
            (8, -20, 500), (8, 45, -500),  # only given back
            (9, -20, 500),  # in neither: not in the bridge
        ]
    )  # fmt: skip
    found = kinds(bridge(lines, before=BEFORE, after=AFTER))
    assert found == {
        "more": (1, 500), "less": (1, -600), "same": (1, 0), "lost": (1, -1000), "new": (1, 300),
        "returned": (2, 300), "credited": (1, -500),
    }  # fmt: skip
    steps = bridge_steps(bridge(lines, before=BEFORE, after=AFTER).to_pyarrow().to_pylist())
    assert (steps["before_cents"], steps["after_cents"]) == (3600, 2600)
    assert (steps["before_customers"], steps["after_customers"]) == (4, 6)
    assert steps["steps"][0]["from_cents"] == 3600
    assert steps["steps"][-1]["to_cents"] == 2600


@FEW
@given(ORDERS)
def test_every_bridge_adds_up_in_money_and_in_customers(orders) -> None:
    lines = shop(orders)
    rows = bridge(lines, before=BEFORE, after=AFTER).to_pyarrow().to_pylist()
    steps = bridge_steps(rows)

    def within(period):
        return lines[(lines.day >= period[0]) & (lines.day <= period[1])]

    assert steps["before_cents"] == within(BEFORE).net_cents.sum()
    assert steps["after_cents"] == within(AFTER).net_cents.sum()
    assert steps["before_cents"] + sum(s["change_cents"] for s in steps["steps"]) == steps["after_cents"]
    for period, count in ((BEFORE, steps["before_customers"]), (AFTER, steps["after_customers"])):
        bought = within(period)
        assert count == bought[bought.net_cents > 0].customer_id.nunique()
    moved = sum(s["customers_change"] for s in steps["steps"])
    assert steps["before_customers"] + moved == steps["after_customers"]
    assert kinds(bridge(lines, before=BEFORE, after=AFTER)) == oracle_value.bridge(lines, BEFORE, AFTER)


@FEW
@given(ORDERS)
def test_bridges_of_regions_add_up_to_the_whole(orders) -> None:
    lines = shop(orders)
    people = pd.DataFrame({"customer_id": [1, 2, 3, 4, 5], "city": ["杭州", "杭州", "上海", "", None]})
    by_city = bridge(lines, before=BEFORE, after=AFTER, by="city", customers=people).to_pandas()
    whole = bridge(lines, before=BEFORE, after=AFTER).to_pandas()
    for column in ("customers", "before_cents", "after_cents", "change_cents"):
        assert by_city[column].sum() == whole[column].sum()
    assert set(by_city.group) <= {"杭州", "上海", "unknown"}


def test_the_bridge_of_online_retail_and_cdnow_equals_the_walk_by_hand(online_retail, cdnow) -> None:
    for name, lines, before, after in (
        ("Online Retail", online_retail, (date(2011, 1, 1), date(2011, 5, 31)), (date(2011, 7, 1), date(2011, 11, 30))),
        ("CDNOW sample", cdnow, (date(1997, 4, 1), date(1997, 9, 30)), (date(1997, 10, 1), date(1998, 3, 31))),
    ):
        found = kinds(bridge(lines, before=before, after=after))
        assert found == oracle_value.bridge(lines, before, after)
        assert {"lost", "more", "less", "returned"} <= set(found)
        steps = bridge_steps(bridge(lines, before=before, after=after).to_pyarrow().to_pylist())
        left_over = steps["before_cents"] + sum(cents for _, cents in found.values()) - steps["after_cents"]
        customers = {kind: count for kind, (count, _) in found.items()}
        note(f"Bridge of {name}, equal to a walk by hand", left_over_cents=left_over, **customers)
        assert left_over == 0


def test_the_people_of_a_bridge_are_its_figures(cdnow) -> None:
    period = {"before": ("1997-04-01", "1997-09-30"), "after": ("1997-10-01", "1998-03-31")}
    people = bridged(cdnow, **period).to_pandas()
    assert people.customer_id.is_unique
    for kind, (count, change) in kinds(bridge(cdnow, **period)).items():
        theirs = people[people.kind == kind]
        assert (len(theirs), theirs.change_cents.sum()) == (count, change)


def test_online_retail_is_composed_by_country_as_by_hand(online_retail) -> None:
    found = composition(online_retail, by="country")
    assert groups(found) == oracle_value.composition(online_retail, "country")
    rows = found.to_pyarrow().to_pylist()
    assert rows[0]["group"] == "United Kingdom"
    assert sum(row["revenue_share"] for row in rows) == pytest.approx(1)
    assert sum(row["revenue_cents"] for row in rows) == online_retail.net_cents.sum()
    # A few customers ordered into two countries: shares of customers may then pass the whole.
    assert sum(row["customers_share"] for row in rows) >= 1


def test_an_order_whose_lines_lie_in_two_groups_is_one_order_of_the_whole(online_retail) -> None:
    some = online_retail[online_retail.product_id.isin(["85123A", "22423", "47566"])]
    found = composition(some, by="product_id")
    assert groups(found) == oracle_value.composition(some, "product_id")
    rows = found.to_pyarrow().to_pylist()
    whole = sum(1 for _, cents in oracle_value.orders(some).values() if cents > 0)
    assert rows[0]["orders_share"] == pytest.approx(rows[0]["orders"] / whole)


def test_the_households_of_complete_journey_are_composed_by_income() -> None:
    lines = pd.read_csv(published("completejourney/transactions_sample.csv.gz"))
    people = pd.read_csv(published("completejourney/demographics.csv.gz"))
    lines = pd.DataFrame(
        {
            "customer_id": lines.household_id,
            "order_id": lines.basket_id,
            "day": pd.to_datetime(lines.transaction_timestamp).dt.date,
            "net_cents": (lines.sales_value * 100).round().astype(int),
        }
    )
    people = people.rename(columns={"household_id": "customer_id"})
    found = composition(lines, by="income", customers=people)
    named = dict(zip(people.customer_id, people.income, strict=True))
    expected = oracle_value.composition(
        lines.assign(income=[named.get(who, "unknown") for who in lines.customer_id]), "income"
    )
    assert groups(found) == expected
    shares = found.to_pandas()
    for name in ("customers_share", "orders_share", "revenue_share"):
        assert shares[name].sum() == pytest.approx(1)  # a customer's attribute: the groups exclude each other


def test_composition_over_time_has_every_group_in_every_period(cdnow) -> None:
    people = pd.DataFrame({"customer_id": cdnow.customer_id.unique()})
    people["half"] = ["odd" if int(who) % 2 else "even" for who in people.customer_id]
    rows = composition_over_time(cdnow, by="half", period="quarter", customers=people).to_pandas()
    assert len(rows) == 2 * rows.period.nunique()
    assert rows.revenue_cents.sum() == cdnow.net_cents.sum()
    by_hand = cdnow.assign(half=["odd" if int(who) % 2 else "even" for who in cdnow.customer_id])
    by_hand["quarter"] = [date(day.year, 3 * ((day.month - 1) // 3) + 1, 1) for day in by_hand.day]
    sums = by_hand.groupby(["quarter", "half"]).net_cents.sum()
    for row in rows.itertuples():
        assert row.revenue_cents == sums[pd.Timestamp(row.period).date(), row.group]
    points = rows.groupby("period").revenue_share_points.sum(min_count=1).dropna()
    assert points.abs().max() < 1e-9  # what one group gains in points, others lose


def test_an_empty_month_between_changes_nothing_about_the_shares() -> None:
    lines = shop([(1, 0, 100), (2, 3, 300), (1, 65, 100)], city=["a", "b", "a"])
    rows = composition_over_time(lines, by="city").to_pyarrow().to_pylist()
    assert [(str(r["period"]), r["group"], r["revenue_share"]) for r in rows] == [
        ("2026-01-01", "b", 0.75), ("2026-01-01", "a", 0.25), ("2026-03-01", "a", 1.0), ("2026-03-01", "b", 0.0),
    ]  # fmt: skip
    assert [r["revenue_share_points"] for r in rows] == [None, None, 75.0, -75.0]


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (("2026-01-01", "2026-02-01"), ("2026-02-01", "2026-02-28"), "bridge.periods_overlap"),
        (("2026-01-31", "2026-01-01"), ("2026-02-01", "2026-02-28"), "bridge.period_backwards"),
        (("soon", "2026-01-01"), ("2026-02-01", "2026-02-28"), "as_of.not_a_day"),
    ],
)
def test_periods_that_make_no_bridge_are_refused(before, after, code) -> None:
    with pytest.raises(MeasureProblem, match=code):
        bridge(shop([(1, 0, 100)]), before=before, after=after)


def test_what_is_not_there_cannot_compose() -> None:
    lines = shop([(1, 0, 100)])
    with pytest.raises(MeasureProblem, match="column_missing"):
        composition(lines, by="city")
    with pytest.raises(MeasureProblem, match="column_missing"):
        composition(lines, by="city", customers=pd.DataFrame({"customer_id": [1]}))
    with pytest.raises(MeasureProblem, match="unknown_period"):
        composition_over_time(lines, by="customer_id", period="week")
    with pytest.raises(MeasureProblem, match="does_not_add_up"):
        bridge_steps([{"kind": "new", "customers": 1, "before_cents": 0, "after_cents": 5, "change_cents": 4}])

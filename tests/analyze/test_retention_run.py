"""Retention from the shop's rows: cohorts, survival, the risk on the customers, the page and the people behind it."""

import pytest
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_lifetime_run import returning_shop
from tests.analyze.test_measures_run import measured, stored
from tests.analyze.test_rfm_run import AS_OF, START, _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import queries
from zhike.customers.models import Metric
from zhike.customers.queries import segments as segments_asked
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.mark.both_databases
def test_retention_is_told_by_cohort_curve_and_risk_and_opens_its_customers():
    returning_shop(people=420)
    run = measured("retention", horizon="days_90")
    counts, written = run.counts, stored(run)
    assert sum(cohort["size"] for cohort in counts["cohorts"]) == counts["customers"] == len(written)
    for cohort in counts["cohorts"]:
        assert cohort["active"][0] in (cohort["size"], None)  # a month that is not over is blank, not nothing
        assert (cohort["active"][-1] is None) is (AS_OF.day != 30)
    shares = [point[0] for point in counts["survival"]["months"]]
    assert shares == sorted(shares, reverse=True)
    assert all(low <= share <= high for share, low, high in counts["survival"]["months"])
    tested = counts["warned"]["tested"]
    assert tested["auc"] > 0.6
    assert abs(sum(t["told"] - t["happened"] for t in tested["tenths"])) < 1.5
    levels = {row["risk_level"]: row["customers"] for row in counts["warned"]["levels"]}
    assert sum(levels.values()) == len(written)
    assert Metric.objects.filter(family="retention").count() == len(written)

    client = signed_in(hire("operator"))
    page = client.get(reverse("analyze:retention")).content.decode()
    people = reverse("analyze:retention_people", args=[run.public_id])
    first = counts["cohorts"][0]
    assert f"{people}?cohort={first['month'][:7]}" in page
    for asked, expected in [(f"level={level}", count) for level, count in levels.items()] + [
        (f"cohort={first['month'][:7]}", first["size"])
    ]:
        assert client.get(f"{people}?{asked}").content.decode().count("data-row") == min(50, expected)
    assert client.get(reverse("analyze:retention") + "?by=money").status_code == 200
    assert client.get(f"{people}?cohort=nonsense").status_code == 404
    assert segments_asked.facet("risk_level") is not None

    measured("lifetime")
    outlook = queries.outlook(LOCAL_OPERATOR, written[0]["customer_id"])
    assert outlook is not None
    assert outlook.risk_percent == written[0]["risk_percent"]
    assert outlook.reasons


def test_a_small_shop_has_cohorts_and_is_told_why_nobody_is_warned_of():
    shop = Shop()
    shop.orders([(person, START, 5_000) for person in shop.customers(12)])
    run = measured("retention")
    assert [cohort["size"] for cohort in run.counts["cohorts"]] == [12]
    assert run.counts["warned"]["refused"] == "lifetime.too_few_customers"
    assert run.counts["survival"] is None
    assert stored(run) == []
    page = signed_in(hire("operator")).get(reverse("analyze:retention"))
    assert page.status_code == 200

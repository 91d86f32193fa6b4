"""Satisfaction and loyalty from answers and the shop's rows: the figures, the pages, the customers behind them."""

import csv
import io
from random import Random

import pytest
from django.urls import reverse

from tests.analyze.test_lifetime_run import returning_shop
from tests.analyze.test_measures_run import measured, stored
from tests.analyze.test_rfm_run import _own_home  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.customers.models import Customer, Metric
from zhike.customers.queries import segments as segments_asked
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.survey import actions as surveys
from zhike.survey import queries as asked_of

pytestmark = [pytest.mark.django_db(transaction=True)]


def answered(method="structural", people=120, anonymous=40, seed=3):
    """A questionnaire with answers of known customers and of nobody, content by a mood of their own; its public id."""
    random = Random(seed)
    numbers = list(Customer.objects.order_by("id").values_list("number", flat=True)[:people])
    made = surveys.add_questionnaire("年度满意度", method, by=BY)
    questions = asked_of.questions(asked_of.questionnaire(made).id)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["客户编号", "提交时间", *(q.text for q in questions)])
    for number in [*numbers, *[""] * anonymous]:
        mood = random.gauss(0.65, 0.18)
        writer.writerow([number, "2026-06-20 10:00", *(_said(q, mood, random) for q in questions)])
    run = surveys.check_answers(made, out.getvalue().encode("utf-8"), "答卷.csv", by=BY)
    surveys.record_answers(run.public_id, by=BY)
    return made, run


def _said(question, mood, random):
    part = min(1.0, max(0.0, mood + random.gauss(0, 0.12)))
    low, high = question.scale_values[0], question.scale_values[-1]
    return round(low + part * (high - low))


@pytest.mark.both_databases
def test_answers_become_index_drivers_model_and_a_level_for_every_known_customer():
    returning_shop(people=150)
    _made, told = answered()
    assert (told.counts["responses"], told.counts["identified"]) == (160, 120)
    run = measured("satisfaction")
    counts, rows = run.counts, stored(run)
    assert (run.state, counts["customers"], counts["known"], len(rows)) == ("done", 160, 120, 120)
    assert counts["index"]["low"] < counts["index"]["value"] < counts["index"]["high"]
    assert sum(level["customers"] for level in counts["levels"]) == 120
    assert counts["recommend"]["promoters"] + counts["recommend"]["passives"] + counts["recommend"]["detractors"] == 160
    assert sum(one["share"] for one in counts["drivers"]["drivers"]) == pytest.approx(1)
    assert counts["chart"]["how"] == "derived"
    assert counts["model"]["indices"]["satisfaction"] == pytest.approx(counts["items"][11]["value"], abs=6)
    assert all(path["low"] <= path["estimate"] <= path["high"] for path in counts["model"]["paths"])
    assert counts["reliability"]["adequacy"]["overall"] > 0.6
    assert Metric.objects.filter(family="satisfaction").count() == 120

    client = signed_in(hire("operator"))
    page = client.get(reverse("analyze:satisfaction")).content.decode()
    assert "年度满意度" in page
    people = reverse("analyze:satisfaction_people", args=[run.public_id])
    assert people not in page  # an operator sees persons masked, so nobody's answers
    assert client.get(people).status_code == 404
    supervisor = signed_in(hire("supervisor"))
    assert f"{people}?level=" in supervisor.get(reverse("analyze:satisfaction")).content.decode()
    level = counts["levels"][0]
    listed = supervisor.get(f"{people}?level={level['level']}").content.decode()
    assert listed.count("data-row") == min(50, level["customers"])
    assert segments_asked.facet("satisfaction_level") is not None


def test_loyalty_stands_on_two_axes_and_opens_the_customers_of_each_cell():
    returning_shop(people=150)
    answered()
    run = measured("loyalty")
    rows = stored(run)
    assert run.counts["placed"] == len(rows) == 120
    for row in rows:
        wanted = {(True, True): "true", (True, False): "habit", (False, True): "liking", (False, False): "low"}
        assert row["cell"] in wanted.values()
        assert (row["occasions"] >= 2) == (row["cell"] in ("true", "habit"))
    again = run.counts["repurchase"]
    assert again["low"] < again["value"] < again["high"]
    assert {one["role"] for one in run.counts["said"]} == {"recommend", "wallet", "switching", "price"}
    supervisor = signed_in(hire("supervisor"))
    page = supervisor.get(reverse("analyze:loyalty")).content.decode()
    people = reverse("analyze:loyalty_people", args=[run.public_id])
    for cell in run.counts["cells"]:
        assert (f"{people}?cell={cell['cell']}" in page) is bool(cell["customers"])
        if cell["customers"]:
            listed = supervisor.get(f"{people}?cell={cell['cell']}").content.decode()
            assert listed.count("data-row") == min(50, cell["customers"])
    assert supervisor.get(f"{people}?cell=nonsense").status_code == 404


@pytest.mark.parametrize(("method", "how"), [("double", "asked"), ("double_improved", "improved")])
def test_double_ratings_say_where_to_begin(method, how):
    returning_shop(people=60)
    answered(method, people=50, anonymous=10)
    run = measured("satisfaction")
    chart = run.counts["chart"]
    assert chart["how"] == how
    assert len(chart["attributes"]) == 8
    page = signed_in(hire("analyst")).get(reverse("analyze:satisfaction")).content.decode()
    assert page.count('<section class="quadrant') == 4


def test_without_answers_the_pages_say_what_to_do_and_ten_answers_are_no_figure():
    returning_shop(people=30)
    operator = signed_in(hire("operator"))
    assert measured("satisfaction").state == "empty"
    assert reverse("survey:questionnaires") in operator.get(reverse("analyze:satisfaction")).content.decode()
    assert measured("loyalty").counts["placed"] == 0
    assert operator.get(reverse("analyze:loyalty")).status_code == 200
    answered("simple", people=10, anonymous=0)
    run = measured("satisfaction")
    assert run.counts["index"]["few"]
    assert run.counts["drivers"]["refused"] == "satisfaction.no_attributes"
    assert operator.get(reverse("analyze:satisfaction")).status_code == 200

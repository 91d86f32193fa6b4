"""What people see of composition, value classes and products: figures that open their customers, and add up."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import goods, sell
from tests.analyze.test_pages import DAY, NOW, _own_home, tea_shop  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import actions, queries, results
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.parameters import RfmParameters
from zhike.kit import jobs
from zhike.secure import queries as rights
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True)]
PAGES = ("/insight/composition/", "/insight/value/", "/insight/products/")


def analyzed(*, classes=False):
    """A run of each of the three measures, after one of the RFM classes where a story asks for them."""
    if classes:
        actions.request_run(RfmParameters(only=("rfm",)), by=LOCAL_OPERATOR)
        jobs.run_pending()
    return {kind: measured(kind) for kind in ("value", "composition", "products")}


def measured(kind, **parameters):
    facts = actions.request_measure(kind, MeasureParameters(**parameters), by=LOCAL_OPERATOR)
    jobs.run_pending()
    return queries.run(facts.public_id)


def shop_with_goods():
    people, ids = tea_shop(), goods("tea", "cup")
    shop = Shop(next_id=60_000)
    for person in people[:6]:
        sell(shop, person, NOW - DAY * 3, ids["tea"], 2, 8000)
    sell(shop, people[0], NOW - DAY * 3, ids["cup"], 1, 1500)
    return people, ids


def english(client, address, **more):
    return client.get(address, HTTP_ACCEPT_LANGUAGE="en", **more).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_before_the_first_run_each_page_says_what_to_do(as_owner, address):
    assert "Not analyzed yet" in english(as_owner, address)


def test_every_figure_of_the_composition_opens_as_many_customers_as_it_says(as_owner):
    tea_shop()
    run = measured("composition", span="days_90")
    page = english(as_owner, "/insight/composition/?by=city")
    for step in run.counts["bridge"]["steps"]:
        address = f"/insight/composition/{run.public_id}/people/?change={step['kind']}"
        assert (address in page) == (step["customers"] > 0)
        assert english(as_owner, address).count("data-row") == step["customers"]
    for group in run.counts["attributes"]["city"]["groups"]:
        asked = f"/insight/composition/{run.public_id}/people/?by=city&group={group['group']}"
        assert english(as_owner, asked).count("data-row") == group["base"]
        assert english(as_owner, f"{asked}&who=active").count("data-row") == group["customers"]
    assert "style=" not in page
    assert 'data-chart="bridge"' in page


def test_the_lines_of_the_bridge_shown_add_up(as_owner):
    tea_shop()
    measured("composition", span="days_90")
    page = english(as_owner, "/insight/composition/")
    table = page[page.index('id="bridge"') : page.index('id="groups"')]
    money = [
        float(text.replace("CN", "").replace("¥", "").replace(",", "").replace("−", "-"))
        for text in re.findall(r'<span class="num">([^<]*¥[^<]+)</span></td>', table)
    ]
    assert len(money) >= 4
    assert round(money[0] + sum(money[1:-1]) - money[-1], 2) == 0


def test_the_composition_is_shown_by_every_attribute_and_length_of_period(as_owner):
    tea_shop()
    analyzed(classes=True)
    for asked in (
        "by=province&grain=month", "by=source&grain=quarter", "by=stage&grain=year", "by=kind", "by=owner",
        "by=rfm_class", "by=abc_class", "by=level&grain=fortnight", "by=shoe",
    ):  # fmt: skip
        page = english(as_owner, f"/insight/composition/?{asked}")
        assert 'data-chart="over-time-chart"' in page, asked
        assert 'aria-current="true"' in page, asked


def test_the_people_of_a_large_group_come_page_by_page(as_owner):
    shop = Shop()
    people = shop.customers(120)
    shop.orders([(person, NOW - DAY, 1000 + n) for n, person in enumerate(people)])
    run = measured("composition")
    address = f"/insight/composition/{run.public_id}/people/?change=new"
    seen, place = set(), ""
    while True:
        page = english(as_owner, address + (f"&after={place}" if place else ""))
        seen |= set(re.findall(r'data-href="(/customers/[^"]+)"', page))
        onward = re.search(r'rel="next" href="[^"]*after=(\d+)"', page)
        if not onward:
            break
        place = onward[1]
    assert len(seen) == 120


def test_classes_and_levels_open_their_customers_in_the_register(as_owner):
    tea_shop()
    run = analyzed()["value"]
    page = english(as_owner, "/insight/value/")
    for row in run.counts["classes"]:
        assert f"/customers/?abc={row['abc_class']}" in page
        assert english(as_owner, f"/customers/?abc={row['abc_class']}").count('class="main-cell"') == row["items"]
    for row in run.counts["levels"]:
        assert f"/customers/?level={row['level']}" in page
    assert 'data-chart="pareto"' in page


def test_an_older_run_of_classes_has_no_links(as_owner):
    tea_shop()
    first = measured("value")
    measured("value", cuts="wide")
    page = english(as_owner, f"/insight/value/{first.public_id}/")
    assert "An older run" in page
    assert "?abc=" not in page
    for address in ("/insight/value/nothing/", f"/insight/composition/{first.public_id}/"):
        assert as_owner.get(address).status_code == 404


def test_products_say_how_much_their_margins_stand_on_and_open_their_buyers(as_owner):
    _people, ids = shop_with_goods()
    measured("products", span="days_90")
    assert "No cost price is known" in english(as_owner, "/insight/products/")
    table = SimpleUploadedFile("costs.csv", b"code,cost\ntea,10\nhat,2\n", content_type="text/csv")
    told = as_owner.post("/insight/products/costs/", {"costs": table}, follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert "1 product noted. 1 rows left out" in told.content.decode()
    run = measured("products", span="days_90")
    page = english(as_owner, "/insight/products/")
    assert "Margins stand on part of the sales" in page
    assert "75.0%" in page  # (4,000 − 1,000) ÷ 4,000 a piece
    buyers = english(as_owner, f"/insight/products/{run.public_id}/{ids['tea']}/")
    assert buyers.count("data-row") == 6
    assert "Article tea" in buyers
    assert as_owner.get(f"/insight/products/{run.public_id}/77/").status_code == 404


def test_the_first_page_of_products_opens_no_file_and_later_ones_read_their_part(as_owner, monkeypatch):
    shop, names = Shop(next_id=60_000), [f"cup {n:03d}" for n in range(120)]
    ids, person = goods(*names), shop.customers(1)[0]
    for n, name in enumerate(names):
        sell(shop, person, NOW - DAY * 3, ids[name], 1, 100 * (n + 1))
    run, calls, real = measured("products"), [], results.behind
    monkeypatch.setattr(results, "behind", lambda *a, **k: calls.append(found := real(*a, **k)) or found)
    first = english(as_owner, "/insight/products/")
    assert calls == []
    assert first.count("<tr data-row") >= results.PAGE_ROWS
    onward = re.search(r'rel="next" href="([^"]*after=\d+)"', first)
    assert onward
    second = english(as_owner, f"/insight/products/{onward[1].replace('&amp;', '&')}")
    assert [len(found) for found in calls] == [results.PAGE_ROWS + 1]
    opened = re.compile(rf'data-href="/insight/products/{run.public_id}/(\d+)/"')
    shown = [opened.findall(page) for page in (first, second)]
    assert [len(page) for page in shown] == [results.PAGE_ROWS] * 2
    assert not set(shown[0]) & set(shown[1])
    assert shown[0][0] == str(ids["cup 119"])


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00\x01", b"name\nx\n", b"code,colour\nx,red\n", None]
)  # fmt: skip
def test_a_table_of_costs_that_cannot_be_read_is_refused_in_words(as_owner, content):
    posted = {} if content is None else {"costs": SimpleUploadedFile("c.csv", content)}
    told = as_owner.post("/insight/products/costs/", posted, follow=True, HTTP_ACCEPT_LANGUAGE="en")
    assert told.status_code == 200
    assert "toast" in told.content.decode()


@pytest.mark.parametrize("kind", ["composition", "value", "products"])
def test_a_run_is_asked_for_by_a_form_and_refused_in_words(as_owner, kind):
    address = f"/insight/measures/{kind}/new/"
    form = {"as_of": "2026-06-30", "span": "quarter", "against": "preceding", "basis": "revenue", "cuts": "default",
            "boundary": "outside", "ties": "together", "levels": "textbook"}  # fmt: skip
    assert as_owner.get(address).status_code == 200
    assert as_owner.post(address, {**form, "span": "own", "first": "2026-05-01"}).status_code == 422
    assert as_owner.post(address, {**form, "span": "week"}).status_code == 422
    assert as_owner.post(address, form).status_code == 302
    waiting = queries.running()
    assert (waiting.kind, waiting.as_of, waiting.parameters["span"]) == (kind, dt.date(2026, 6, 30), "quarter")
    assert as_owner.get("/insight/measures/weather/new/").status_code == 404


@pytest.mark.parametrize("kind", ["composition", "value", "products"])
def test_downloads_are_audited_and_only_for_those_who_may_see_everybody(as_owner, kind):
    shop_with_goods()
    run = measured(kind)
    before = AuditEvent.objects.filter(action="export").count()
    address = f"/insight/measures/{kind}/{run.public_id}/download/"
    text = b"".join(as_owner.post(address, {"form": "csv"}).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("sku,title" if kind == "products" else "number,")
    assert "王小明" not in text
    assert b"".join(as_owner.post(address, {"form": "parquet"}).streaming_content)[:4] == b"PAR1"
    assert AuditEvent.objects.filter(action="export").count() == before + 2
    assert signed_in(hire("agent")).post(address, {"form": "csv"}).status_code == 403


def test_a_title_that_a_spreadsheet_could_run_is_made_harmless(as_owner):
    shop = Shop()
    ids, person = goods("=1+1"), shop.customers(1)[0]
    sell(shop, person, NOW - DAY, ids["=1+1"], 1, 500)
    run = measured("products")
    told = as_owner.post(f"/insight/measures/products/{run.public_id}/download/", {"form": "csv"})
    assert "'=1+1" in b"".join(told.streaming_content).decode("utf-8-sig")


def test_who_sees_only_their_own_customers_is_shown_those_among_a_figure():
    shop, agent = Shop(), hire("account_manager")
    mine, others = shop.customers(2, owner=agent.pk), shop.customers(3)
    shop.orders([(person, NOW - DAY, 900) for person in [*mine, *others]])
    run = measured("composition")
    page = english(signed_in(agent), f"/insight/composition/{run.public_id}/people/?change=new")
    assert page.count("data-row") == 2


def test_who_may_not_see_a_field_is_not_told_by_it(as_owner, monkeypatch):
    shop_with_goods()
    runs = analyzed()
    real, hidden = rights.sight, {"province", "net_amount"}
    monkeypatch.setattr(rights, "sight", lambda viewer, field: "hidden" if field in hidden else real(viewer, field))
    page = english(as_owner, "/insight/composition/")
    assert "by=province" not in page
    run = runs["composition"]
    asked = f"/insight/composition/{run.public_id}/people/?by=province&group=浙江"
    assert as_owner.get(asked).status_code == 404
    for address in (*PAGES, f"/insight/composition/{run.public_id}/people/?change=new"):
        assert "¥" not in english(as_owner, address)


def test_the_pages_speak_chinese(as_owner):
    shop_with_goods()
    analyzed()
    for address, words in (
        ("/insight/composition/", ("构成分析", "新增", "流失")),
        ("/insight/value/", ("价值分类", "客户金字塔", "铂金层")),
        ("/insight/products/", ("商品分析", "交叉比率", "贡献比率")),
    ):
        page = as_owner.get(address, HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
        assert [word for word in words if word not in page] == [], address


def test_nobody_reaches_the_pages_unsigned_and_reading_writes_nothing(as_owner, django_assert_max_num_queries):
    shop_with_goods()
    run = analyzed()["composition"]
    people = f"/insight/composition/{run.public_id}/people/?change=new"
    for address in (*PAGES, people):
        assert Client().get(address).status_code == 302
        with django_assert_max_num_queries(20) as asked:
            as_owner.get(address)
        written = [q["sql"] for q in asked if not re.match(r"(SELECT|PRAGMA|BEGIN|COMMIT)", q["sql"])]
        assert written == []


def test_runs_of_every_kind_stand_in_the_history(as_owner):
    tea_shop()
    for run in analyzed().values():
        assert f"/insight/{run.kind}/{run.public_id}/" in english(as_owner, "/insight/runs/")

"""The overview of the insight pages, and the map of provinces: figures at a glance that open their customers."""

import re

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measure_pages import english, measured
from tests.analyze.test_pages import DAY, NOW, _own_home, tea_shop  # noqa: F401  (the fixture)
from tests.cast import hire, signed_in
from zhike.analyze import actions, queries, tile_map
from zhike.analyze.parameters import RfmParameters
from zhike.customers.models import CustomerCard
from zhike.kit import changes, jobs
from zhike.secure import policy
from zhike.secure import queries as rights
from zhike.secure.models import Role
from zhike.secure.records import LOCAL_OPERATOR
from zhike_analytics.values import address

pytestmark = [pytest.mark.django_db(transaction=True)]
PAGE = "/insight/"


def analyzed(*only):
    """Runs of these kinds: classes and lists take their time, and most stories need none."""
    if not only:
        actions.request_run(RfmParameters(only=("rfm", "lists")), by=LOCAL_OPERATOR)
        jobs.run_pending()
        only = ("value", "composition")  # the classes first: they are attributes of the other
        return {"rfm": queries.latest_run("rfm"), **{kind: measured(kind) for kind in only}}
    return {kind: measured(kind) for kind in only}


def live_in(people, *provinces):
    """Give customers provinces in turn, one each, as the cards carry them."""
    with transaction.atomic():
        for place, person in enumerate(people):
            card = CustomerCard.objects.filter(customer_id=person)
            card.update(province=provinces[place % len(provinces)], change_seq=changes.next_seq())


def tiles(page):
    """What the squares of a page's map say, in their order."""
    return re.findall(r'class="tile" data-level="(\d)"[^>]*title="([^"]+)"', page)


def test_before_the_first_run_the_overview_says_what_to_do_next(as_owner):
    page = english(as_owner, PAGE)
    assert "Not analyzed yet" in page
    assert "/collect/imports/new/" in page
    assert "/insight/runs/new/" in page


def test_the_rail_leads_to_the_overview_and_marks_it_below_insight(as_owner):
    page = english(as_owner, PAGE)
    link = re.search(r'<a[^>]+href="/insight/"[^>]*>(?:(?!</a>).)*Overview', page, re.S)
    assert link
    assert 'aria-current="page"' in link[0]


@pytest.mark.both_databases
def test_every_figure_of_the_overview_is_that_of_the_page_behind_it(as_owner):
    tea_shop()
    runs = analyzed()
    page, composed = english(as_owner, PAGE), runs["composition"].counts
    behind = f"/insight/composition/{runs['composition'].public_id}/people/"
    moved = {step["kind"]: step["customers"] for step in composed["bridge"]["steps"]}
    wanted = {behind: composed["customers"], f"{behind}?who=active": composed["active"]}
    wanted |= {f"{behind}?change={kind}": moved[kind] for kind in ("new", "returned", "lost") if moved[kind]}
    for people, figure in wanted.items():
        assert f'href="{people}">{figure}<' in page
        assert english(as_owner, people).count("data-row") == figure
    for row in runs["rfm"].counts["classes"]:
        assert f"/customers/?class={row['class_code']}" in page
    for row in runs["value"].counts["classes"]:
        assert f"/customers/?abc={row['abc_class']}" in page
    for kind in ("gone_quiet", "big_first_buyer", "lost_high_value"):
        assert f'href="/insight/lists/{kind}/"' in page
    assert "As of 2026-07-01" in page


@pytest.mark.both_databases
@pytest.mark.long_on_postgresql
def test_a_second_run_says_how_many_files_came_since_the_first(as_owner):
    tea_shop()
    first = analyzed("composition")["composition"]
    Shop(next_id=80_000).customers(3)
    second = analyzed("composition")["composition"]
    assert second.counts["customers"] == first.counts["customers"] + 3
    assert queries.on_file_before(first.id, "composition") is None
    assert queries.on_file_before(second.id, "composition") == (first.as_of, first.counts["customers"])
    assert "+3 since the run of 2026-07-01" in english(as_owner, PAGE)


def test_the_map_has_every_province_once_each_on_a_place_of_its_own():
    names = {full for _row, _column, full, *_rest in tile_map.TILES}
    assert len(tile_map.TILES) == len(names) == 34
    assert len({tile[:2] for tile in tile_map.TILES}) == 34
    assert {address(name).province for name in names} == names


@pytest.mark.parametrize("where", [PAGE, "/insight/composition/?by=province"])
def test_each_square_opens_as_many_customers_as_it_says(as_owner, where):
    people = tea_shop()
    live_in(people[:20], "广东省", "浙江省", "广东省", "", "Ontario")
    run = analyzed("composition")["composition"]
    page = english(as_owner, where)
    said = dict(reversed(tile) for tile in tiles(page))
    assert len(said) == 34
    square = next(text for text in said if "广东省" in text)
    assert square.startswith("Guangdong 广东省: 8 customers, ")
    assert said[square] == "9"  # the darkest
    assert said[next(text for text in said if "西藏" in text)] == "0"
    behind = f"/insight/composition/{run.public_id}/people/?by=province&group="
    for province, count in (("广东省", 8), ("浙江省", 4), ("unknown", 4)):
        assert english(as_owner, behind + province).count("data-row") == count
    assert page.count("people/?by=province&amp;group=%E5%B9%BF%E4%B8%9C%E7%9C%81") >= 2  # the square and its table
    assert "Without a province" in page
    assert "Places not on the map" in page
    assert "style=" not in page


def test_by_money_the_map_shows_shares_and_opens_the_buyers(as_owner):
    people = tea_shop()
    live_in(people[:20], "广东省", "浙江省")
    run = analyzed("composition")["composition"]
    page = english(as_owner, f"{PAGE}?shade=money")
    groups = {group["group"]: group for group in run.counts["attributes"]["province"]["groups"]}
    square = re.search(r'title="Guangdong[^"]+"[^>]*><b>GD</b><span class="num">([^<]+)<', page)
    whole = sum(group["revenue_cents"] for group in groups.values())
    assert square
    assert square[1] == f"{groups['广东省']['revenue_cents'] / whole * 100:.1f}%"
    assert "group=%E5%B9%BF%E4%B8%9C%E7%9C%81&amp;who=active" in page


def test_provinces_of_the_map_are_told_apart_however_many_places_there_are(as_owner):
    shop = Shop()
    people = shop.customers(60)
    live_in(people, *(f"Place {n}" for n in range(58)), "西藏自治区", "")
    shop.orders([(person, NOW - DAY, 9000 - n) for n, person in enumerate(people[:58])])
    run = measured("composition")
    found = {group["group"]: group["base"] for group in run.counts["attributes"]["province"]["groups"]}
    assert found["西藏自治区"] == 1
    assert found["unknown"] == 1
    assert sum(found.values()) == 60


def test_without_any_province_the_map_says_where_provinces_come_from(as_owner):
    live_in(tea_shop(), "")
    analyzed("composition")
    page = english(as_owner, PAGE)
    assert "No file names a province yet" in page
    assert tiles(page) == []


def test_who_may_not_see_a_field_is_shown_no_figure_made_of_it(as_owner, monkeypatch):
    live_in(tea_shop(), "广东省", "浙江省")
    analyzed()
    seen = english(as_owner, PAGE)
    assert "¥" in seen
    assert tiles(seen)
    real = rights.sight
    for hidden, gone in (
        ({"net_amount"}, ("¥", "shade=money", "Share of money")),
        ({"province"}, ('id="provinces"', "Guangdong")),
        ({"rfm_class"}, ('id="rfm"', "?class=")),
        ({"metrics"}, ('id="abc"', "?abc=")),
    ):
        monkeypatch.setattr(
            rights, "sight", lambda viewer, field, h=frozenset(hidden): "hidden" if field in h else real(viewer, field)
        )
        page = english(as_owner, PAGE)
        assert [text for text in gone if text in page] == []
        assert "Customers on file" in page


def test_who_may_open_no_customers_sees_figures_without_links():
    live_in(tea_shop(), "广东省")
    analyzed("composition")
    analyst = hire("analyst")
    Role.objects.filter(code="analyst").update(permissions=["analyze.view"])
    policy.touch()
    page = english(signed_in(analyst), PAGE)
    assert "Customers on file" in page
    assert "/people/" not in page
    assert "/customers/?" not in page
    assert "/insight/lists/" not in page
    assert len(tiles(page)) == 34


def test_the_overview_is_for_those_who_may_see_analyses(as_owner):
    assert Client().get(PAGE).status_code == 302
    assert signed_in(hire("agent")).get(PAGE).status_code == 403
    assert signed_in(hire("account_manager")).get(PAGE).status_code == 200


def test_the_overview_speaks_chinese_with_short_names_on_the_squares(as_owner):
    live_in(tea_shop(), "广东省", "内蒙古自治区")
    analyzed("composition")
    page = as_owner.get(PAGE, HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    for word in ("分析概览", "在档客户", "客户分布", "<b>广东</b>", "<b>内蒙古</b>", "广东省："):
        assert word in page
    with translation.override("zh-hans"):
        assert "customers" not in " ".join(text for _level, text in tiles(page))


def test_reading_the_overview_writes_nothing_and_opens_no_result_file(
    as_owner, django_assert_max_num_queries, monkeypatch
):
    live_in(tea_shop(), "广东省")
    analyzed("composition")
    monkeypatch.setattr("zhike.analyze.results.behind", None)
    as_owner.get(PAGE)
    with django_assert_max_num_queries(24) as asked:
        assert as_owner.get(PAGE).status_code == 200
    written = [q["sql"] for q in asked if not re.match(r"(SELECT|PRAGMA|BEGIN|COMMIT)", q["sql"])]
    assert written == []

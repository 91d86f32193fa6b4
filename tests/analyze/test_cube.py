"""The cube: any measure by any dimensions, counted on the lake, in sight of whoever asks, down to the customers."""

import datetime as dt
import json
import shutil
from collections import Counter, defaultdict
from urllib.parse import parse_qsl

import pytest
from click.testing import CliRunner
from django.http import QueryDict
from django.urls import reverse

from tests.analyze.shop_rows import Shop
from tests.analyze.test_measures_run import goods, sell
from tests.analyze.test_pages import DAY, NOW, tea_shop
from tests.analyze.test_segments import viewer
from tests.api.program import program
from tests.cast import CAST, hire, signed_in
from zhike.analyze import snapshot
from zhike.analyze.cubes import asking, page, shelf
from zhike.analyze.cubes.fields import DIMENSIONS, MEASURES
from zhike.analyze.cubes.question import Question, QuestionRefused, sees
from zhike.analyze.models import CubeAnswer
from zhike.cli import zhike
from zhike.kit import clock, jobs
from zhike.kit.installation import set_up
from zhike.secure import queries as rights
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR
from zhike.shop.models import Order

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_lake():
    """The child finds the run's own data folder by itself, so the lake lies there."""
    shutil.rmtree(snapshot.lake_folder())
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    with clock.freeze(NOW):
        yield
    shutil.rmtree(snapshot.lake_folder())


def counted(question, *, by=LOCAL_OPERATOR, **more):
    asking.ask(question, by=by, **more)
    jobs.run_pending()
    told = asking.answer_to(by, question, **more)
    assert told is not None
    assert "error" not in told, told
    return told


def cells(question, told):
    return page.read(question, told).cells


def shop_with_goods():
    people, ids = tea_shop(), goods("tea", "cup")
    shop = Shop(next_id=60_000)
    for person in people[:6]:
        sell(shop, person, NOW - DAY * 3, ids["tea"], 2, 8000)
    sell(shop, people[0], NOW - DAY * 3, ids["cup"], 1, 1500)
    return people, ids


def addressed(text):
    return Question.asked(QueryDict(text))


@pytest.mark.both_databases
def test_the_cells_are_what_the_orders_say_on_every_level():
    tea_shop()
    question = Question(rows=("month",), columns=("weekday",), measures=("net", "orders", "customers"), span="all")
    told = cells(question, counted(question))
    by_cell, whole = defaultdict(lambda: [0, set(), set()]), [0, set(), set()]
    for order in Order.objects.filter(source_record_id__isnull=False):
        day = order.ordered_at.astimezone(dt.timezone(dt.timedelta(hours=8)))
        for held in (by_cell[f"{day:%Y-%m}", str(day.isoweekday())], whole):
            held[0] += order.net_cents
            if order.net_cents > 0:
                held[1].add(order.id)
                held[2].add(order.source_record_id)
    for (month, weekday), (cents, orders, buyers) in by_cell.items():
        assert told[(month,), (weekday,)] == {"net": cents, "orders": len(orders), "customers": len(buyers)}
    assert told[(), ()] == {"net": whole[0], "orders": len(whole[1]), "customers": len(whole[2])}
    assert sum(1 for rows, columns in told if rows and columns) == len(by_cell)


def test_products_are_told_by_goods_and_pieces_and_an_order_has_no_net_of_a_product():
    _people, ids = shop_with_goods()
    question = Question(rows=("product",), columns=(), measures=("goods", "items", "customers"), span="all")
    answer = counted(question)
    told = cells(question, answer)
    assert told[(str(ids["tea"]),), ()]["items"] == 12
    assert told[(str(ids["cup"]),), ()] == {"goods": 1500, "items": 1, "customers": 1}
    assert set(answer["names"]) >= {str(ids["tea"]), str(ids["cup"])}
    with pytest.raises(QuestionRefused) as refused:
        Question(rows=("product",), measures=("net",))
    assert (refused.value.code, refused.value.name) == ("not_by", "net")


def test_a_rate_is_reckoned_anew_in_every_total():
    tea_shop()
    question = Question(rows=("city",), columns=(), measures=("per_order",), span="all")
    read = page.read(question, counted(question))
    whole = read.cells[(), ()]
    assert read.value((), (), "per_order") == whole["net"] / whole["orders"]
    for rows, columns in read.cells:
        held = read.cells[rows, columns]
        assert read.value(rows, columns, "per_order") == (held["net"] / held["orders"] if held["orders"] else None)


def test_who_sees_only_their_own_customers_is_told_of_those_alone():
    shop = Shop()
    own, others = shop.customers(2, owner=7), shop.customers(3, owner=8)
    shop.orders([(person, NOW - DAY * 3, 5_000) for person in [*own, *others]])
    seller = viewer(7, "analyze.view", "customers.view", scope="own")
    everybody = viewer(9, "analyze.view", "customers.view")
    question = Question(rows=("month",), columns=(), measures=("orders",), span="all")
    assert cells(question, counted(question, by=everybody))[(), ()] == {"orders": 5}
    assert cells(question, counted(question, by=seller))[(), ()] == {"orders": 2}
    people = counted(question, by=seller, at=[])["people"]
    assert {row["customer_id"] for row in people} == set(own)


def test_the_customers_of_a_cell_are_as_many_as_it_says():
    tea_shop()
    question = Question(rows=("city",), columns=("month",), measures=("customers",), span="all")
    told = cells(question, counted(question))
    for (rows, columns), held in told.items():
        if not rows or not columns:
            continue
        at = [("city", rows[0]), ("month", columns[0])]
        people = counted(question, at=at)["people"]
        assert len(people) == held["customers"]
        assert [row["value"] for row in people] == [1] * len(people)


def test_pages_of_customers_go_on_where_the_last_one_ended():
    tea_shop()
    question = Question(rows=("month",), columns=(), measures=("net",), span="all")
    first = counted(question, at=[])["people"]
    place = (first[2]["value"], first[2]["customer_id"])
    assert counted(question, at=[], after=place)["people"] == first[3:]


def test_an_answer_is_counted_once_a_day_and_anew_when_asked_afresh():
    people = tea_shop()
    question = Question(rows=("month",), columns=(), measures=("orders",), span="all")
    before = cells(question, counted(question))[(), ()]["orders"]
    Shop(next_id=80_000).orders([(people[0], NOW - DAY, 9_900)])
    assert cells(question, counted(question))[(), ()]["orders"] == before
    assert CubeAnswer.objects.count() == 1
    asking.ask(question, by=LOCAL_OPERATOR, is_fresh=True)
    jobs.run_pending()
    told = asking.answer_to(LOCAL_OPERATOR, question)
    assert cells(question, told)[(), ()]["orders"] == before + 1
    CubeAnswer.objects.update(asked_at=clock.now() - asking.KEPT_FOR * 2)
    asking.ask(Question(), by=LOCAL_OPERATOR)
    assert CubeAnswer.objects.count() == 1


def test_the_page_counts_shows_leads_deeper_and_opens_the_customers(as_owner):
    shop_with_goods()
    address = "rows=province&columns=month&measures=net&span=all"
    waiting = as_owner.get(f"/insight/cube/?{address}").content.decode()
    assert 'hx-post="/insight/cube/ask/"' in waiting
    asked = as_owner.post("/insight/cube/ask/", dict_of(address), HTTP_HX_REQUEST="true")
    assert "/insight/cube/answer/?" in asked.content.decode()
    jobs.run_pending()
    shown = as_owner.get(f"/insight/cube/?{address}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "cube-table" in shown
    assert "rows=city" in shown  # a province leads to its cities
    assert "/insight/cube/people/?" in shown
    people = shown.split('href="/insight/cube/people/?')[1].split('"')[0].replace("&amp;", "&")
    assert as_owner.get(f"/insight/cube/people/?{people}").status_code == 200
    form = QueryDict(people)
    as_owner.post("/insight/cube/people/ask/", {k: form.getlist(k) for k in form}, HTTP_HX_REQUEST="true")
    jobs.run_pending()
    assert "data-row" in as_owner.get(f"/insight/cube/people/?{people}").content.decode()
    file = as_owner.post("/insight/cube/download/", dict_of(address))
    assert file.status_code == 200
    assert file.content.decode("utf-8-sig").startswith("depth,province,month,net")
    assert AuditEvent.objects.filter(action="export").count() == 1


def dict_of(address):
    given = QueryDict(address)
    return {name: given.getlist(name) for name in given}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("rows=nothing", "unknown"),
        ("rows=city&columns=city", "twice"),
        ("rows=city&measures=net&where=product~3", "not_by"),
        ("rows=city&measures=net&span=own", "period"),
        ("rows=city&measures=net&where=city", "values"),
        ("rows=city&rows=province&rows=kind&rows=stage", "dimensions"),
        ("rows=city&measures=net&measures=orders&measures=customers&measures=items&measures=goods", "measures"),
        ("rows=way&measures=net", "not_by"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_reason_on_the_page(as_owner, asked, code):
    with pytest.raises(QuestionRefused) as refused:
        addressed(asked)
    assert refused.value.code == code
    answer = as_owner.get(f"/insight/cube/?{asked}")
    assert answer.status_code == 422
    assert "tone-bad" in answer.content.decode()


def test_a_question_survives_its_address_and_its_row():
    question = Question(
        rows=("city", "stage"), columns=("month",), measures=("net", "orders"),
        where=(("province", ("广东省", "unknown")), ("kind", ("person",))), span="own", first="2026-01-01", last="2026-03-31",
    )  # fmt: skip
    assert addressed(question.address()) == question
    assert Question.from_json(question.as_json()) == question
    assert question.turned() == Question.asked(QueryDict(question.turned().address()))
    assert question.deeper("city", "深圳市").where[-1] == ("city", ("深圳市",))
    assert question.deeper("month", "2026-01").columns == ("day",)
    assert question.without("province").where == (("kind", ("person",)),)


def test_kept_questions_are_found_shared_replaced_and_removed(as_owner):
    address = "rows=city&columns=month&measures=net&span=all"
    assert as_owner.post("/insight/cube/keep/", {**dict_of(address), "name": " 城市  按月 "}).status_code == 302
    assert "城市 按月" in as_owner.get("/insight/cube/").content.decode()
    colleague = signed_in(hire("operator"))
    assert "城市 按月" not in colleague.get("/insight/cube/").content.decode()
    as_owner.post("/insight/cube/keep/", {**dict_of(address), "name": "城市 按月", "sharing": "all"})
    assert "城市 按月" in colleague.get("/insight/cube/").content.decode()
    assert as_owner.post("/insight/cube/keep/", {**dict_of(address), "name": "  "}).status_code == 422
    held = shelf.kept(LOCAL_OPERATOR)
    assert [k.name for k in held] == ["城市 按月"]
    as_owner.post(reverse("analyze:cube_forget", args=[held[0].public_id]))
    assert shelf.kept(LOCAL_OPERATOR) == []


@pytest.mark.parametrize("role", sorted(CAST))
def test_what_somebody_may_not_see_is_neither_offered_nor_told(role):
    staff = hire(role)
    seen, client = rights.viewer_of_staff(staff.pk), signed_in(staff)
    answer = client.get("/insight/cube/")
    assert (answer.status_code == 200) == seen.can("analyze.view")
    if answer.status_code != 200:
        return
    body = answer.content.decode()
    for code, dimension in DIMENSIONS.items():
        assert (f'<option value="{code}"' in body) == sees(seen, dimension)
        contacts = dimension.kind == "contact"
        asked = f"/insight/cube/?rows={code}&measures={'contacts' if contacts else 'orders'}"
        assert (client.get(asked).status_code == 200) == sees(seen, dimension)
    for code, measure in MEASURES.items():
        assert (f'<option value="{code}"' in body) == sees(seen, measure)


def test_groups_of_an_answer_add_up_to_the_whole(as_owner):
    tea_shop()
    question = Question(rows=("city", "stage"), columns=("month",), measures=("net",), span="all")
    told = cells(question, counted(question))
    sums = Counter()
    for (rows, columns), held in told.items():
        sums[len(rows), bool(columns)] += held["net"]
    assert len(set(sums.values())) == 1
    assert dict(parse_qsl(question.address()))["span"] == "all"


def test_programs_ask_until_it_is_counted_and_are_told_why_not():
    tea_shop()
    asks = program("analyst")
    body = {"rows": ["month"], "columns": ["city"], "measures": ["orders", "customers"], "span": "all"}
    first = asks("POST", "cube", body)
    assert (first.status_code, first.json()) == (200, {"state": "counting", "cells": [], "names": {}})
    jobs.run_pending()
    told = asks("POST", "cube", body).json()
    question = Question(rows=("month",), columns=("city",), measures=("orders", "customers"), span="all")
    stored = cells(question, asking.answer_to(LOCAL_OPERATOR, question) or counted(question))
    assert told["state"] == "done"
    assert {(tuple(c["rows"]), tuple(c["columns"])): c["values"] for c in told["cells"]} == stored
    wrong = asks("POST", "cube", {"rows": ["product"], "measures": ["net"]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["code"] == "not_by"


def test_the_command_prints_the_cube_and_writes_every_cell(tmp_path):
    tea_shop()
    file = tmp_path / "cube.csv"
    words = [
        "analyze",
        "cube",
        "--rows",
        "city",
        "--columns",
        "year",
        "--measure",
        "orders",
        "--span",
        "all",
        "--fresh",
        "--json",
    ]
    ran = CliRunner().invoke(zhike, [*words, "--csv", str(file)])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    whole = next(c for c in told["cells"] if c["depth"] == 0 and not c["across"])
    assert whole["values"]["orders"] == 121
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0] == "depth,city,year,orders"
    assert len(lines) == len(told["cells"]) + 1
    refused = CliRunner().invoke(zhike, ["analyze", "cube", "--rows", "product"])
    assert refused.exit_code == 1

"""What people see of the analyses: the report that opens its customers, the lists, runs asked for by a form."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import translation

from tests.analyze.shop_rows import Shop
from tests.cast import hire, signed_in
from zhike.analyze import actions, queries
from zhike.analyze.parameters import RfmParameters
from zhike.analyze.rfm_page import group_rows
from zhike.kit import clock, jobs
from zhike.kit import home as home_folder
from zhike.kit.installation import set_up
from zhike.secure import queries as rights
from zhike.secure.models import AuditEvent
from zhike.secure.records import LOCAL_OPERATOR
from zhike.secure.vault import roots
from zhike.work import queries as work

pytestmark = [pytest.mark.django_db(transaction=True)]

NOW = dt.datetime(2026, 7, 1, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_home(tmp_path, monkeypatch):
    """Each story has a folder of its own, with its keys, and a clock that stands."""
    monkeypatch.setattr(home_folder, "home", lambda: tmp_path)
    monkeypatch.setenv("ZHIKE_HOME", str(tmp_path))
    roots.setup()
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    with clock.freeze(NOW):
        yield


def tea_shop():
    """Twenty regulars, of whom the first has gone quiet; one large newcomer; one who never bought."""
    shop = Shop()
    people = shop.customers(22)
    regulars, newcomer = people[:20], people[20]
    rows = [
        (person, NOW - DAY * (10 * week + (60 if person == regulars[0] else n % 5) + 1), 5000 + 100 * n)
        for n, person in enumerate(regulars)
        for week in range(6)
    ]
    shop.orders([*rows, (newcomer, NOW - DAY * 12, 90_000)])
    return people


def analyzed(**parameters):
    """A run without the measures beside it, which have pages and stories of their own."""
    facts = actions.request_run(RfmParameters(only=("rfm", "lists"), **parameters), by=LOCAL_OPERATOR)
    jobs.run_pending()
    return queries.run(facts.public_id)


def test_before_the_first_run_the_page_says_what_to_do(as_owner):
    page = as_owner.get("/insight/rfm/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Not analyzed yet" in page
    assert "/insight/runs/new/" in page


def test_the_report_shows_cells_that_open_their_customers(as_owner):
    tea_shop()
    run = analyzed()
    page = as_owner.get("/insight/rfm/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert page.count('class="heat-cell"') == 25
    for cell in run.counts["planes"]["rf"]:
        assert f"/customers/?r={cell['r']}&amp;f={cell['f']}" in page
    for row in run.counts["classes"]:
        assert f"/customers/?class={row['class_code']}" in page
    opened = as_owner.get(f"/customers/?class={run.counts['classes'][0]['class_code']}")
    assert opened.status_code == 200
    assert "style=" not in page
    assert "onclick" not in page


def test_the_ten_groups_count_everybody_once_and_open_their_customers(as_owner):
    tea_shop()
    run = analyzed()
    page = as_owner.get("/insight/rfm/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    groups = group_rows(run, links=True)
    assert sum(row["customers"] for row in groups) == run.counts["scored"]
    assert sum(row["money_cents"] for row in groups) == run.counts["net_cents"]
    for row in groups:
        with translation.override("en"):
            assert str(row["label"]) in page
        if row["customers"]:
            opened = as_owner.get(row["url"]).content.decode()
            assert opened.count("<tr data-row") == row["customers"]


@pytest.mark.parametrize("plane", ["rm", "fm", "sideways"])
def test_the_heat_map_turns_to_other_measures(as_owner, plane):
    tea_shop()
    analyzed()
    assert as_owner.get(f"/insight/rfm/?plane={plane}").content.decode().count('class="heat-cell"') == 25


def test_an_older_run_shows_its_figures_without_links(as_owner):
    tea_shop()
    first = analyzed()
    analyzed(cut="median")
    page = as_owner.get(f"/insight/rfm/{first.public_id}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "An older run" in page
    assert "/customers/?r=" not in page
    assert as_owner.get("/insight/rfm/nothing-like-it/").status_code == 404


def test_those_who_moved_can_be_opened(as_owner):
    people = tea_shop()
    analyzed()
    Shop(next_id=50_000).orders([(people[0], NOW - DAY, 900_000)])
    second = analyzed()
    move = next(m for m in second.counts["movement"] if m["before"] != m["after"])
    address = f"/insight/rfm/moved/{move['before']}/{move['after']}/"
    assert address in as_owner.get("/insight/rfm/").content.decode()
    rows = re.findall(r"data-href=\"/customers/", as_owner.get(address).content.decode())
    assert len(rows) == move["customers"]
    assert as_owner.get("/insight/rfm/moved/nowhere/important_value/").status_code == 404


def test_a_run_is_asked_for_by_a_form_and_followed_until_it_is_done(as_owner):
    tea_shop()
    form = {"as_of": "2026-06-30", "window_days": "0", "sorting": "nested", "ties": "by_rank", "cut": "median"}
    assert as_owner.post("/insight/runs/new/", form).status_code == 302
    waiting = queries.running()
    assert waiting.parameters["sorting"] == "nested"
    followed = as_owner.get(f"/insight/runs/{waiting.public_id}/progress/")
    assert 'hx-trigger="every 1s"' in followed.content.decode()
    jobs.run_pending()
    assert as_owner.get(f"/insight/runs/{waiting.public_id}/progress/").headers["HX-Refresh"] == "true"
    assert "2026-06-30" in as_owner.get("/insight/runs/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"recency_days": "30, 20, 10, 5"},
        {"recency_days": "a, b, c, d"},
        {"recency_days": "30, 60, 90"},
        {"monetary": "1e400, 2, 3, 4"},
        {"recency_days": "30, 60, 90, 180", "ties": "by_rank"},
        {"as_of": "yesterday"},
        {"sorting": "sideways"},
    ],
)
def test_a_form_that_makes_no_sense_is_refused_with_words(as_owner, wrong):
    form = {
        "as_of": "2026-06-30",
        "window_days": "0",
        "sorting": "independent",
        "ties": "together",
        "cut": "mean",
        **wrong,
    }
    answer = as_owner.post("/insight/runs/new/", form, HTTP_ACCEPT_LANGUAGE="en")
    assert answer.status_code == 422
    assert queries.running() is None


def test_the_lists_say_who_and_why_and_take_an_outcome(as_owner):
    people = tea_shop()
    analyzed()
    page = as_owner.get("/insight/lists/gone_quiet/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Silent for 61 days; usually buys every 10 days (6 times so far)." in page
    (task,) = work.open_tasks(LOCAL_OPERATOR, "gone_quiet").tasks
    assert task.about_id == people[0]
    address = f"/insight/lists/gone_quiet/{task.public_id}/"
    noted = as_owner.post(address, {"outcome": "not_now", "note": "call in spring"}, HTTP_HX_REQUEST="true")
    assert "entry-noted" in noted.content.decode()
    again = as_owner.post(address, {"outcome": "done"}, HTTP_HX_REQUEST="true", HTTP_ACCEPT_LANGUAGE="en")
    assert "already noted" in again.content.decode()
    assert work.open_counts(LOCAL_OPERATOR) == {"big_first_buyer": 1}
    analyzed()
    assert work.open_counts(LOCAL_OPERATOR) == {"big_first_buyer": 1}


def test_a_large_first_buyer_is_told_in_chinese(as_owner):
    tea_shop()
    analyzed()
    page = as_owner.get("/insight/lists/big_first_buyer/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert "12 天前首次下单 ¥900.00" in page


def test_who_sees_only_their_own_customers_sees_only_their_entries():
    shop = Shop()
    agent = hire("account_manager")
    mine = shop.customers(1, owner=agent.pk)[0]
    others = shop.customers(3)
    shop.orders(
        [(p, NOW - DAY * (60 + 10 * n), 5000) for p in [mine, *others] for n in range(4)]
        + [(others[1], NOW - DAY * 2, 100)]
    )
    analyzed()
    page = signed_in(agent).get("/insight/lists/gone_quiet/").content.decode()
    entries = re.findall(r'class="entry"', page)
    assert len(entries) == 1
    assert f"K{mine}" in page
    theirs = next(t for t in work.open_tasks(LOCAL_OPERATOR, "gone_quiet").tasks if t.about_id != mine)
    refused = signed_in(agent).post(f"/insight/lists/gone_quiet/{theirs.public_id}/", {"outcome": "done"})
    assert refused.status_code == 404


def test_the_download_is_audited_and_only_for_those_who_may_see_everybody(as_owner):
    tea_shop()
    run = analyzed()
    before = AuditEvent.objects.filter(action="export").count()
    answer = as_owner.post(f"/insight/rfm/{run.public_id}/download/", {"form": "csv"}, HTTP_ACCEPT_LANGUAGE="en")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0].startswith("File number,Class code,Cell,R,F,M")
    assert len(text.splitlines()) == 1 + run.counts["customers"]
    assert AuditEvent.objects.filter(action="export").count() == before + 1
    parquet = as_owner.post(f"/insight/rfm/{run.public_id}/download/", {"form": "parquet"})
    assert b"".join(parquet.streaming_content)[:4] == b"PAR1"
    agent = signed_in(hire("agent"))
    assert agent.post(f"/insight/rfm/{run.public_id}/download/", {"form": "csv"}).status_code == 403
    assert as_owner.get(f"/insight/rfm/{run.public_id}/download/").status_code == 405


def test_who_may_not_see_amounts_is_told_none(as_owner, monkeypatch):
    tea_shop()
    analyzed()
    real = rights.sight
    monkeypatch.setattr(
        rights, "sight", lambda viewer, field: "hidden" if field == "net_amount" else real(viewer, field)
    )
    page = as_owner.get("/insight/rfm/").content.decode()
    assert page.count('class="heat-cell"') == 25
    assert "¥" not in page
    for kind in ("gone_quiet", "big_first_buyer", "lost_high_value"):
        assert "¥" not in as_owner.get(f"/insight/lists/{kind}/").content.decode()


def test_nobody_reaches_the_pages_unsigned():
    for address in ("/insight/rfm/", "/insight/lists/", "/insight/runs/", "/insight/runs/new/"):
        assert Client().get(address).status_code == 302


def test_reading_pages_writes_nothing(as_owner, django_assert_max_num_queries):
    tea_shop()
    analyzed()
    with django_assert_max_num_queries(18) as asked:
        as_owner.get("/insight/lists/gone_quiet/")
    with django_assert_max_num_queries(18) as asked_rfm:
        as_owner.get("/insight/rfm/")
    written = [q["sql"] for q in [*asked, *asked_rfm] if not re.match(r"(SELECT|PRAGMA|BEGIN|COMMIT)", q["sql"])]
    assert written == []

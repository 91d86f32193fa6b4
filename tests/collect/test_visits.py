"""Visits: what is kept of them and what is not, whom they belong to, and that files of them behave as all files do."""

import gzip
import json
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client

from tests.collect.importing import HEADERS, brought, checked, counted, csv_bytes, order_row, undone
from zhike.collect import queries
from zhike.collect.tracking import cutting
from zhike.collect.tracking.recording import forget_visitors
from zhike.customers import queries as customers
from zhike.secure.records import SYSTEM

VISITS = """
kind: visits
platform: test_shop
zone: Asia/Shanghai
visit:
  visitor: visitor
  at: at
  kind: {column: kind, words: {"": page, 事件: track}}
  name: name
  url: url
  title: title
  referrer: referrer
  campaign: campaign
  do_not_track: dnt
customer: {keys: [{platform_id: buyer}, {email: email}]}
"""
COLUMNS = ["visitor", "at", "kind", "name", "url", "title", "referrer", "campaign", "dnt", "buyer", "email"]
SITE = "https://shop.example"


def row(visitor: str, at: str, url: str = "/", **more: str) -> list[str]:
    given = {"visitor": visitor, "at": f"2021-03-01 {at}", "url": f"{SITE}{url}" if url else "", **more}
    return [given.get(name, "") for name in COLUMNS]


def file_of(*rows: list[str]) -> bytes:
    return csv_bytes(COLUMNS, rows)


def stored(columns: str, where: str = "TRUE") -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM collect_trackedevent WHERE {where} ORDER BY at, id")
        return cursor.fetchall()


def kept() -> str:
    """Everything the tables of visits hold, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, path, title, section, entry, entry_name, mark, sku FROM collect_trackedevent")
        return repr(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.both_databases
def test_of_an_address_the_path_stays_and_nothing_that_reaches_a_person() -> None:
    brought(
        file_of(
            row(
                "v1", "10:00:00", "/account/lin@example.com/orders?phone=13900000001&token=abc#top",
                title="给 13900000002 的订单", referrer="https://mail.example/read?to=lin@example.com",
            ),
            row("v1", "10:01:00", "/reset/8f14e45fceea167a5a36dedd4bea2543aa"),
        ),
        kind="visits", mapping=VISITS,
    )  # fmt: skip
    assert stored("path, title, section, entry, entry_name") == [
        ("/account/*/orders", "给 * 的订单", "/account", "referral", "mail.example"),
        ("/reset/*", "", "/reset", "", ""),
    ]
    for text in ("13900000001", "13900000002", "lin@", "token", "8f14e45f", "v1"):
        assert text not in kept()


@pytest.mark.django_db
@pytest.mark.both_databases
def test_the_same_file_twice_changes_nothing_and_what_another_file_says_too_outlives_an_undoing() -> None:
    content = file_of(row("v1", "10:00:00"), row("v1", "10:01:00", "/tea/"), row("v1", "10:01:00", "/tea/"))
    seen = checked(content, kind="visits", mapping=VISITS)
    assert seen["would"] == {"visits": {"new": 2, "updated": 0, "unchanged": 1}}
    assert counted("collect_trackedevent") == 0
    first = brought(content, kind="visits", mapping=VISITS)
    assert (first.counts["new"], first.counts["unchanged"]) == (2, 1)
    again = brought(content, kind="visits", mapping=VISITS)
    assert (again.counts["new"], again.counts["unchanged"]) == (0, 3)
    undone(first)
    assert counted("collect_trackedevent", "withdrawn_at IS NULL") == 2  # the second file says them still
    undone(again)
    assert counted("collect_trackedevent", "withdrawn_at IS NULL") == 0
    back = brought(content, kind="visits", mapping=VISITS)
    assert (back.counts["new"], counted("collect_trackedevent", "withdrawn_at IS NULL")) == (2, 2)


@pytest.mark.django_db
@pytest.mark.both_databases
def test_who_is_identified_later_has_what_the_visitor_did_before_and_an_undoing_takes_it_back() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1"), order_row("O2", "c2", email="bo@example.com")]))
    records = [record for (record,) in _ask("SELECT id FROM customers_sourcerecord ORDER BY id")]
    brought(file_of(row("v1", "10:00:00", title="首页"), row("v2", "11:00:00")), kind="visits", mapping=VISITS)
    assert queries.visits_of(SYSTEM, [records[0]]) == []
    named = brought(
        file_of(row("v1", "10:05:00", "/cart/", buyer="c1"), row("v9", "12:00:00", email="BO@example.com"),
                row("v8", "12:00:00", buyer="c9")),
        kind="visits", mapping=VISITS,
    )  # fmt: skip
    assert queries.reject_counts(named.id) == {"visitor_unknown": 1}  # kept all the same, by nobody
    (visit,) = queries.visits_of(SYSTEM, [records[0]])
    assert [step for step, _ in visit.steps] == ["首页", "/cart/"]
    (other,) = queries.visits_of(SYSTEM, [records[1]])
    assert other.event_count == 1
    undone(named)
    assert queries.visits_of(SYSTEM, [records[0]]) == []
    assert counted("collect_visitor", "source_record_id IS NOT NULL") == 0


@pytest.mark.django_db
@pytest.mark.both_databases
def test_a_browser_two_customers_use_belongs_to_neither_but_what_each_did_signed_in_does() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1"), order_row("O2", "c2")]))
    first, second = [record for (record,) in _ask("SELECT id FROM customers_sourcerecord ORDER BY id")]
    brought(
        file_of(
            row("v1", "09:00:00", "/a/"), row("v1", "10:00:00", "/b/", buyer="c1"), row("v1", "11:00:00", "/c/", buyer="c2")
        ),
        kind="visits", mapping=VISITS,
    )  # fmt: skip
    assert [[s for s, _ in v.steps] for v in queries.visits_of(SYSTEM, [first])] == [["/b/"]]
    assert [[s for s, _ in v.steps] for v in queries.visits_of(SYSTEM, [second])] == [["/c/"]]


@pytest.mark.django_db
@pytest.mark.both_databases
def test_erasing_a_customer_leaves_the_visits_by_nobody_and_the_visitor_is_never_found_again() -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1")]))
    content = file_of(row("v1", "10:00:00"), row("v1", "10:05:00", "/cart/", buyer="c1"))
    brought(content, kind="visits", mapping=VISITS)
    ((customer,),) = _ask("SELECT id FROM customers_customer")
    with transaction.atomic():
        forget_visitors(customer)
    assert counted("collect_trackedevent", "source_record_id IS NOT NULL") == 0
    assert counted("collect_visitorlink") == 0
    before = counted("collect_visitor")
    brought(file_of(row("v1", "18:00:00", "/tea/")), kind="visits", mapping=VISITS)
    assert counted("collect_visitor") == before + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "odd, code",
    [
        (row("v1", "10:00:00", dnt="1"), "do_not_track"),
        (row("", "10:00:00"), "visitor_missing"),
        (row("v1", "25:00:00"), "moment.impossible"),
        (row("v1", "10:00:00", kind="心跳"), "event_kind_unknown"),
        (row("3.5E+17", "10:00:00"), "digits_lost"),
        ([*row("v1", "10:00:00")[:1], "2150-01-01 00:00:00", *row("v1", "10:00:00")[2:]], "moment.ahead"),
    ],
)
def test_an_act_that_may_not_or_cannot_be_kept_stays_out_with_its_reason(odd: list[str], code: str) -> None:
    run = brought(file_of(row("v1", "10:00:00"), odd), kind="visits", mapping=VISITS)
    assert (run.counts["new"], queries.reject_counts(run.id)) == (1, {code: 1})


@pytest.mark.django_db
def test_events_as_the_segment_spec_has_them_are_recognized_without_a_mapping(shared_data: Path) -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "97980cfea0067")]))
    lines = []
    for number, name in enumerate(("page__example", "track__example", "ecommerce_v2__track_Product_Added", "identify__example", "ecommerce_v2__track_Order_Completed", "live-chat__example")):  # fmt: skip
        told = json.loads((shared_data / "events_segment_spec" / f"{name}.json").read_text())
        common = {
            "type": "track",
            "anonymousId": "anon-1",
            "timestamp": f"2015-12-12T19:1{number}:01.249Z",
            "messageId": f"m{number}",
        }
        told = {**common, **told, "timestamp": common["timestamp"], "anonymousId": "anon-1", "messageId": f"m{number}"}
        lines.append(json.dumps(told))
    run = brought("\n".join(lines).encode(), kind="visits", mapping="")
    assert (run.template, run.counts["new"], run.counts["rejected"]) == ("segment_events", 6, 0)
    marks = [mark for (mark,) in stored("mark")]
    assert marks == ["", "", "basket", "", "order", "chat"]
    assert (stored("sku", "mark = 'basket'"), stored("amount_cents", "mark = 'order'")) == ([("G-32",)], [(2250,)])
    for text in ("8.8.8.8", "Peter Gibbons", "stapler", "Mozilla"):
        assert text not in kept()


@pytest.mark.django_db
def test_the_tianchi_sample_comes_in_by_the_mapping_file_of_the_documentation(shared_data: Path) -> None:
    sample = shared_data / "clickstream_tianchi_mobile_sample" / "sample_user_behavior.csv.gz"
    content = gzip.decompress(sample.read_bytes())
    mapping = (Path(__file__).parents[2] / "docs/mappings/tianchi-mobile.yaml").read_text()
    rows = set(content.decode().splitlines()[1:])
    told = {(user, item, act, category, at) for user, item, act, _, category, at in (r.split(",") for r in rows)}
    run = brought(content, kind="visits", mapping=mapping)
    assert (run.counts["new"], run.counts["rejected"]) == (len(told), 0)
    assert counted("collect_visitor") == len({user for user, *_ in told})


@pytest.mark.django_db
def test_the_file_of_a_customer_shows_a_session_as_one_item_of_its_timeline(as_owner: Client) -> None:
    brought(csv_bytes(HEADERS, [order_row("O1", "c1")]))
    brought(
        file_of(
            row("v1", "10:00:00", title="首页", referrer="https://www.baidu.com/s?wd=茶"),
            row("v1", "10:29:00", "/tea/", title="茶叶", buyer="c1"),
            row("v1", "10:59:00", "/cart/", title="购物车"),
        ),
        kind="visits", mapping=VISITS,
    )  # fmt: skip
    ((customer,),) = _ask("SELECT id FROM customers_customer")
    address = customers.header(SYSTEM, customer).row.public_id
    page = as_owner.get(f"/customers/{address}/?kind=visit").content.decode()
    assert "首页 → 茶叶" in page
    assert "baidu.com" in page
    assert "购物车" in page and "茶叶 → 购物车" not in page  # thirty minutes of silence part two sessions


@pytest.mark.parametrize(
    "given, entry",
    [
        ({"referrer": "https://www.baidu.com/s?wd=x"}, ("search", "baidu.com")),
        ({"referrer": "https://mp.weixin.qq.com/s/abc"}, ("social", "mp.weixin.qq.com")),
        ({"referrer": "https://blog.example/post"}, ("referral", "blog.example")),
        ({"referrer": "https://www.shop.example/tea"}, ("inside", "")),
        ({"campaign": "spring", "source": "baidu", "medium": "cpc"}, ("campaign", "spring")),
        ({"medium": "email", "source": "news"}, ("mail", "news")),
        ({"source": "direct"}, ("direct", "direct")),
        ({}, ("", "")),
    ],
)
def test_where_a_visitor_came_from_is_told_by_campaign_then_by_referrer(given, entry) -> None:
    asked = {"referrer": "", "source": "", "medium": "", "campaign": "", "url": "https://shop.example/", **given}
    found = cutting.entry_of(**asked)
    assert (found.kind, found.name) == entry


def _ask(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()

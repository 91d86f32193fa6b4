"""What a page may cost, in things that can be counted: questions to the database, bytes on the way, rows looked through."""

import gzip
import re
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.asking import asked as typed_or_opened
from tests.asking import slip_address
from tests.browser import taobao
from zhike.analyze import actions as analyze
from zhike.analyze.parameters import RfmParameters
from zhike.customers.models import Customer, CustomerCard
from zhike.kit import clock, jobs
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = pytest.mark.django_db  # what a story writes is taken back; the shop stands for all of them
MANY, FEW = 1, 2  # buyers: one with 300 orders, one with three
# Page → the most questions it may ask. A little above what it asks today; a question per row would break it at once.
QUESTIONS = {
    "/": 40,
    "/customers/": 36,
    "/customers/?q=赵": 40,
    "/shop/orders/": 24,
    "/insight/": 24,
    "/insight/rfm/": 14,
    "/insight/lists/": 18,
    "/insight/composition/": 16,
    "/insight/value/": 14,
    "/insight/products/": 14,
    "/collect/imports/": 14,
    "/collect/sources/": 16,
    "/security/staff/": 15,
    "/search/?q=赵": 20,
    "/work/?tab=all": 20,
    "/clean/duplicates/": 20,
    "/clean/verification/": 24,
    "/clean/verification/accuracy/": 14,
    "/clean/truth/": 20,
    "/clean/quality/": 34,
    "/clean/funnel/": 40,
    "/clean/funnel/list/": 30,
    "/clean/funnel/rules/": 20,
    "/customers/in-charge/": 24,
    "/security/keeping/": 30,
}
BASE_BYTES = 150_000
# Tables that grow with the shop: no page looks through all their rows.
BIG = (
    "customers_sourcerecord",
    "customers_sourceversion",
    "customers_sighting",
    "customers_lookup",
    "customers_nametoken",
    "customers_contactrecord",
    "shop_order",
    "shop_orderversion",
    "shop_orderline",
    "secure_auditevent",
)


@pytest.fixture(scope="module")
def shop(lasting_ground: None) -> None:
    """Twenty buyers; one with three hundred orders, one with three; scored, with its lists drawn up."""
    taobao.open_house()
    until = clock.now().replace(tzinfo=None)
    rows = taobao.orders(until, buyers=20)
    rows = [row for row in rows if row["买家会员名"] not in (f"tb_tea{MANY:03d}", f"tb_tea{FEW:03d}")]
    for buyer, count in ((MANY, 300), (FEW, 3)):
        rows += [
            taobao.order(5000 + buyer * 1000 + n, buyer, until - taobao.DAY * (n + 1), "66.00") for n in range(count)
        ]
    taobao.bring_in(taobao.written(rows))
    analyze.request_run(RfmParameters(), by=LOCAL_OPERATOR)
    jobs.run_pending()


def file_of(buyer: int) -> str:
    card = CustomerCard.objects.get(name=taobao.name_of(buyer))
    return f"/customers/{Customer.objects.get(id=card.customer_id).public_id}/"


def asked(browser: Client, url: str) -> list[str]:
    """The questions a page asks once everything that is kept between pages is warm."""
    if "?q=" in url and "suggest" not in url:
        url = slip_address(browser, url)

    def answer() -> Any:
        path, typed, words = url.partition("?q=")
        return browser.post(path, {"q": words}) if typed else browser.get(url)

    answer()
    with CaptureQueriesContext(connection) as seen:
        assert answer().status_code == 200, url
    return [q["sql"] for q in seen]


def test_no_page_asks_more_than_its_share(shop: None, as_owner: Client) -> None:
    over = {url: n for url, most in QUESTIONS.items() if (n := len(asked(as_owner, url))) > most}
    assert over == {}


def test_a_file_with_three_hundred_orders_costs_what_one_with_three_costs(shop: None, as_owner: Client) -> None:
    many, few = asked(as_owner, file_of(MANY)), asked(as_owner, file_of(FEW))
    # What is kept for some seconds between pages may run out between the two: a question or two, not one an order.
    assert abs(len(many) - len(few)) <= 2
    assert max(len(many), len(few)) <= 47


def test_a_second_page_of_rows_costs_what_the_first_costs(shop: None, as_owner: Client) -> None:
    first = as_owner.get("/shop/orders/").content.decode()
    following = re.search(r'href="(\?[^"]*after=[^"]+)"', first)
    assert following
    second = asked(as_owner, "/shop/orders/" + following[1].replace("&amp;", "&"))
    assert len(second) <= len(asked(as_owner, "/shop/orders/")) + 1


def test_every_page_with_its_styles_scripts_and_icons_stays_light(shop: None, as_owner: Client) -> None:
    subprocess.run([sys.executable, "-m", "zhike.ui.build"], check=True, capture_output=True)
    built = settings.PACKAGE / "static_build" / "ui"
    parts = {name: len(gzip.compress((built / name).read_bytes())) for name in ("zhike.css", "zhike.js", "icons.svg")}
    pages = {url: len(gzip.compress(typed_or_opened(as_owner, url).content)) for url in (*QUESTIONS, file_of(MANY))}
    heavy = {url: size for url, size in pages.items() if size + sum(parts.values()) > BASE_BYTES}
    assert heavy == {}, parts


def test_no_page_of_a_customer_looks_through_a_whole_table(shop: None, as_owner: Client) -> None:
    file = file_of(MANY)
    pages = (file, f"{file}timeline/?kind=order", "/customers/?q=1001", "/search/?q=赵", "/search/suggest/?q=赵若")
    looked = {}
    for url in pages:
        for sql in asked(as_owner, url):
            if sql.startswith("SELECT") and (tables := scanned(sql)):
                looked[url] = (tables, sql[:300])
    assert looked == {}


def scanned(sql: str) -> list[Any]:
    """The big tables a statement would read row by row."""
    names = {
        alias or table: table for table, alias in re.findall(r'(?:FROM|JOIN) "(\w+)"(?: (?:AS )?"?([A-Z]\d+)"?)?', sql)
    }
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%") if "%" in sql else "EXPLAIN QUERY PLAN " + sql)
        steps = [row[3] for row in cursor.fetchall()]
    found = [re.match(r"SCAN (\w+)(?! .*USING)", step) for step in steps]
    return [t for m in found if m and (t := names.get(m[1], m[1])) in BIG]

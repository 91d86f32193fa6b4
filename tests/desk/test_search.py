"""What is typed into a search stays between the person and the house: no address, no log, no cache ever holds it."""

import datetime as dt
import logging
import re

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from tests.desk.conftest import EMAIL, PHONE
from zhike.customers.models import CustomerTag
from zhike.desk.actions import start_bulk
from zhike.desk.asking import with_words
from zhike.kit import clock, jobs
from zhike.secure import queries as secure
from zhike.secure.models import AuditEvent
from zhike.secure.slips import LIVES_MINUTES

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = (PHONE, EMAIL, "王小", "wangxiao", "5678", "N00042", "NOBODY")


@pytest.mark.parametrize("box", ["/search/", "/customers/find/"])
@pytest.mark.parametrize("words", WORDS)
def test_no_address_a_search_leads_through_holds_the_words(as_owner: Client, wang: int, box: str, words: str) -> None:
    answer = as_owner.post(box, {"q": words}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain
    for address, _status in answer.redirect_chain:
        assert words not in address
        assert not re.search(r"[?&]q=", address)
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("words", [PHONE, EMAIL, "K1", "N1"])
def test_an_exact_hit_leads_to_its_file_or_order(as_owner: Client, wang: int, words: str) -> None:
    answer = as_owner.post("/search/", {"q": words}, follow=True)
    assert re.match(r"/(customers|shop/orders)/[\w-]{20}/$", answer.redirect_chain[-1][0])


def test_suggestions_are_posted_and_an_address_with_words_asks_nothing(as_owner: Client, wang: int) -> None:
    assert "王小明" in as_owner.post("/search/suggest/", {"q": "王小"}).content.decode()
    assert as_owner.get("/search/suggest/?q=王小").status_code == 405
    assert "王小明" not in as_owner.get("/search/?q=王小").content.decode()
    led = as_owner.get("/customers/?q=王小&city=杭州市")
    assert led.status_code == 302 and "q=" not in led.headers["Location"] and "city=" in led.headers["Location"]


def test_a_search_is_reloaded_paged_sorted_and_come_back_to(as_owner: Client, wang: int) -> None:
    led = as_owner.post("/customers/find/", {"q": "王", "query": "sort=-net"}).headers["Location"]
    body = as_owner.get(led).content.decode()
    assert "王小明" in body and 'value="王"' in body
    onward = {a.replace("&amp;", "&") for a in re.findall(r'href="(\?[^"]*sort=[^"]*)"', body)}
    assert onward and all("slip=" in address for address in onward)
    for address in onward:
        assert "王小明" in as_owner.get(f"/customers/{address}").content.decode()
    assert (
        "slip=" not in as_owner.post("/customers/find/", {"q": " ", "query": led.partition("?")[2]}).headers["Location"]
    )


def test_a_slip_is_the_persons_own_and_ends(as_owner: Client, as_supervisor: Client, wang: int) -> None:
    led = as_owner.post("/search/", {"q": "王小"}).headers["Location"]
    assert "王小明" in as_owner.get(led).content.decode()
    assert "王小明" not in as_supervisor.get(led).content.decode()
    damaged = led[:-3] + ("AAA" if not led.endswith("AAA") else "BBB")
    assert "王小明" not in as_owner.get(damaged).content.decode()
    with clock.freeze(clock.now() + dt.timedelta(minutes=LIVES_MINUTES, seconds=2)):
        body = as_owner.get(led).content.decode()
        narrowed = as_owner.get(led.replace("/search/", "/customers/")).content.decode()
    for text in (body, narrowed):
        assert "王小明" not in text and ("This search is over" in text or "这次查找已结束" in text)


def test_words_that_cannot_be_read_concern_nobody(as_owner: Client, wang: int) -> None:
    as_owner.post(
        "/customers/bulk/", {"act": "tag", "tag": "x", "all_matching": "1", "query": "slip=AQAAAAAAAAAAAAAAAAAAAA"}
    )
    as_owner.post("/customers/bulk/", {"act": "tag", "tag": "x", "all_matching": "1", "query": "q=王"})
    jobs.run_pending()
    assert not CustomerTag.objects.exists()


def test_a_job_answers_a_search_as_of_when_it_was_asked(owner_query: str, wang: int) -> None:
    owner = secure.viewer_of(hire("owner"))
    start_bulk("tag", by=owner, query=owner_query, tag="熟客")
    with clock.freeze(clock.now() + dt.timedelta(hours=3)):
        jobs.run_pending()
    assert list(CustomerTag.objects.values_list("customer_id", flat=True)) == [wang]


@pytest.fixture
def owner_query() -> str:
    """The query of a register searched for 王小明 by the owner."""
    return with_words("", "王小明", secure.viewer_of(hire("owner")))


def test_an_exact_search_counts_when_it_is_asked_and_not_when_its_page_is_opened_again(wang: int) -> None:
    browser = signed_in(hire("agent"))
    for n in range(20):
        assert browser.post("/search/", {"q": f"1390000{n:04d}"}, follow=True).status_code == 200
    led = browser.post("/search/", {"q": "13900000003"}).headers["Location"]
    assert browser.get(led).status_code == 200
    refused = browser.post("/search/", {"q": PHONE})
    assert refused.status_code == 200 and "王小明" not in refused.content.decode()
    again = browser.post("/customers/find/", {"q": PHONE}, follow=True)
    assert "slip=" not in again.redirect_chain[-1][0] and "20" in again.content.decode()
    assert AuditEvent.objects.filter(action="lookup.blocked").count() == 2


def test_the_words_are_in_no_log(as_owner: Client, wang: int, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        for words in WORDS:
            for box in ("/search/", "/customers/find/", "/search/suggest/"):
                as_owner.post(box, {"q": words}, follow=True)
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/search/", {"q": PHONE}).status_code in (302, 403)
    own = [
        r for r in caplog.records if not r.name.startswith("django.db")
    ]  # statements are logged only when DEBUG asks
    assert not [r.getMessage() for r in own if any(w in r.getMessage() for w in (PHONE, EMAIL, "王小", "wangxiao"))]

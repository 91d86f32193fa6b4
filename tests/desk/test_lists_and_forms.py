"""What the register begins with, what a new file asks of whom, and names instead of codes."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests.cast import hire, signed_in
from tests.desk import ground
from tests.desk.ground import NOON, Person
from zhike.customers.models import CustomerCard
from zhike.kit.installation import installation
from zhike.secure import queries as rights

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FORM = "/customers/new/"


@pytest.fixture
def buyers(db: None) -> list[int]:
    """One who bought yesterday, one who never did and came last, one who bought long ago."""
    ground.lay_ground()
    return ground.record(
        ground.source(),
        Person("a", {"name": "昨天买过"}, card={"last_order_at": NOON - dt.timedelta(days=1), "order_count": 2}),
        Person("b", {"name": "很久以前"}, card={"last_order_at": NOON - dt.timedelta(days=400), "order_count": 9}),
        Person("c", {"name": "从未买过"}),
    )


def names(browser: Client, address: str = "/customers/") -> list[str]:
    body = browser.get(address).content.decode()
    return re.findall("昨天买过|很久以前|从未买过", body[body.index("<tbody") :])


def test_the_register_begins_with_who_bought_last_and_ends_with_who_never_did(buyers, as_owner):
    assert list(dict.fromkeys(names(as_owner))) == ["昨天买过", "很久以前", "从未买过"]
    assert 'aria-sort="descending"' in as_owner.get("/customers/").content.decode()


def test_who_may_not_see_order_days_gets_the_newest_files_first(buyers, as_owner, monkeypatch):
    real = rights.sight
    monkeypatch.setattr(
        rights, "sight", lambda viewer, field: "hidden" if field == "last_order_at" else real(viewer, field)
    )
    assert next(iter(names(as_owner))) == "从未买过"


def test_a_line_of_the_register_names_its_numbers_for_small_screens(buyers, as_owner):
    body = as_owner.get("/customers/").content.decode()
    assert 'class="table list-table as-cards"' in body
    assert 'class="num-col at-sum' in body
    assert 'data-label="' in body
    assert "is-none" in body


def test_a_new_file_asks_persons_and_organizations_what_they_have(buyers, as_owner):
    body = as_owner.get(FORM, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    person = body[body.index('class="of-person"') : body.index('class="of-organisation"')]
    assert "birth_date" in person
    assert "occupation" in person
    company = body[body.index('class="of-organisation"') :]
    assert company.index("credit_code") < company.index("</section>")
    assert body.count('type="radio"') == 2
    assert 'value="person"' in body
    assert re.search(r'value="person"[^>]* checked', body)


def test_what_belongs_to_the_other_kind_is_not_kept(buyers, as_owner):
    typed = {"kind": "organisation", "name": "青竹茶行", "occupation": "茶农", "credit_code": "91330106MA2CFLDG4J"}
    made = as_owner.post(FORM, typed)
    assert made.status_code == 302, made.content.decode()[:2000]
    file = as_owner.get(made.url).content.decode()
    assert "91330106MA2CFLDG4J" in file
    assert "茶农" not in file
    card = CustomerCard.objects.get(name="青竹茶行")
    assert card.kind == "organisation"


def test_the_settings_name_zone_and_currency_and_keep_their_codes(buyers, as_owner):
    body = as_owner.get("/settings/", HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert '<option value="Asia/Shanghai" selected>中国 · 北京时间 (UTC+8)</option>' in body
    assert '<option value="CNY" selected>人民币 (¥)</option>' in body
    english = as_owner.get("/settings/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert ">Chinese yuan (CN¥)</option>" in english
    assert '<option value="Europe/Paris">Paris (Europe)</option>' in english
    answer = as_owner.post("/settings/", {"name": "小店", "time_zone": "Europe/Paris", "currency": "EUR"})
    assert answer.status_code == 302
    assert (installation().time_zone, installation().currency) == ("Europe/Paris", "EUR")
    assert as_owner.post("/settings/", {"name": "x", "time_zone": "Paris", "currency": "EUR"}).status_code == 200
    assert signed_in(hire("agent")).get("/settings/").status_code == 403

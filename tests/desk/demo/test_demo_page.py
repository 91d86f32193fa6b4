"""The demo shop comes and goes through its page, shows its passwords once, and keeps away from real customers."""

import pytest
from django.test import Client

from tests.desk.ground import Person, record, source
from zhike.desk.demo import accounts, presence, views
from zhike.desk.demo import jobs as demo_jobs
from zhike.kit import jobs
from zhike.kit.models import Job
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.shop import queries as shop
from zhike.shop.records import OrderFilter

PAGE = "/settings/demo/"

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"])]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CUSTOMERS", 60)
    # The analysis that follows has stories of its own; here it would only take time.
    monkeypatch.setattr(demo_jobs.analyze, "request_run", lambda *_, **__: None)


def page(client: Client) -> str:
    return client.get(PAGE, headers={"accept-language": "en"}).content.decode()


def test_a_house_without_customers_loads_it_sees_its_passwords_once_and_removes_it(as_owner: Client) -> None:
    assert "Load the demo shop" in page(as_owner)
    as_owner.post(f"{PAGE}load/")
    assert 'hx-trigger="every 1s"' in page(as_owner)
    jobs.run_pending()
    assert presence.is_here() and shop.order_count(BY, OrderFilter())[0] > 60

    password = accounts.kept()[0][2]
    assert password not in page(as_owner)
    shown = as_owner.post(f"{PAGE}accounts/", headers={"accept-language": "en"})
    assert password in shown.content.decode() and "no-store" in shown["Cache-Control"]
    again = as_owner.post(f"{PAGE}accounts/", headers={"accept-language": "en"}, follow=True)
    assert password not in again.content.decode() and "kept nowhere" in again.content.decode()

    as_owner.post(f"{PAGE}remove/", {"confirm_name": "something else"})
    jobs.run_pending()
    assert presence.is_here()
    as_owner.post(f"{PAGE}remove/", {"confirm_name": views.CONFIRM})
    jobs.run_pending()
    assert not presence.is_here() and shop.order_count(BY, OrderFilter())[0] == 0
    assert "Load the demo shop" in page(as_owner)


def test_beside_real_customers_it_is_not_offered_and_not_loaded(as_owner: Client) -> None:
    record(source(), Person("real-1", {"name": "沈知秋", "phone": "13912340001"}))
    assert "Not beside real customers" in page(as_owner)
    assert f'action="{PAGE}load/"' not in page(as_owner)
    as_owner.post(f"{PAGE}load/")
    assert not Job.objects.filter(name="desk.load_demo").exists()


def test_real_customers_who_come_while_it_waits_keep_it_out(as_owner: Client) -> None:
    as_owner.post(f"{PAGE}load/")
    record(source(), Person("real-1", {"name": "沈知秋", "phone": "13912340001"}))
    jobs.run_pending(reraise=False)
    assert not presence.is_here()
    assert "There are real customers now" in page(as_owner)


def test_a_loading_that_died_half_way_begins_anew(as_owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(views.accounts, "make", dies)
        as_owner.post(f"{PAGE}load/")
        jobs.run_pending(reraise=False)
    assert presence.is_here()
    half = shop.order_count(BY, OrderFilter())[0]
    Job.objects.filter(name="desk.load_demo").update(state=Job.QUEUED, run_after="2000-01-01T00:00:00Z")
    jobs.run_pending()
    assert accounts.kept() and shop.order_count(BY, OrderFilter())[0] == half


def test_who_is_not_the_owner_sees_no_password(as_supervisor: Client, as_agent: Client) -> None:
    for client in (as_supervisor, as_agent):
        assert client.post(f"{PAGE}accounts/").status_code in (403, 404)


def test_while_an_analysis_runs_the_shop_is_not_taken_away_under_it(as_owner: Client) -> None:
    as_owner.post(f"{PAGE}load/")
    jobs.run_pending()
    jobs.enqueue("analyze.run_rfm", lane="analysis", run_id=1)
    assert 'data-open="remove-demo"' not in page(as_owner)
    as_owner.post(f"{PAGE}remove/", {"confirm_name": views.CONFIRM})
    assert not Job.objects.filter(name="desk.remove_demo").exists()

"""Keeping periods: a preview before anything, holds, a run confirmed by name, orders that keep their amounts."""

import datetime as dt

import pytest
from django.urls import reverse

from tests.browser import taobao
from zhike.customers import actions as customers
from zhike.customers.models import CustomerCard
from zhike.kit import clock, jobs
from zhike.protect.keeping import actions as keeping
from zhike.protect.keeping.actions import KeepingRefused
from zhike.protect.keeping.classes import CLASSES, periods
from zhike.protect.models import KeepingRun
from zhike.secure import subjects
from zhike.secure.permissions import Forbidden
from zhike.secure.records import LOCAL_OPERATOR, NOBODY
from zhike.shop import actions as shop
from zhike.shop.models import Order
from zhike.work import actions as work

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
BY = LOCAL_OPERATOR
LATER = dt.timedelta(days=2000)


def previewed(code):
    run = keeping.preview(code, by=BY)
    jobs.run_pending()
    return KeepingRun.objects.get(pk=run.pk)


def erased(code):
    run = previewed(code)
    keeping.start(run.public_id, str(CLASSES[code].label), by=BY)
    jobs.run_pending()
    return KeepingRun.objects.get(pk=run.pk)


def prospects(*names):
    return [
        customers.add_customer("person", {"name": name, "phone": f"138123400{n:02d}"}, by=BY)
        for n, name in enumerate(names, 10)
    ]


def card(customer_id):
    return CustomerCard.objects.get(customer_id=customer_id)


def test_a_preview_counts_and_touches_nothing():
    one, _two = prospects("从没买过", "也没买过")
    assert previewed("never_bought").due_count == 0
    with clock.freeze(clock.now() + LATER):
        run = previewed("never_bought")
        assert (run.due_count, run.state, len(run.sample)) == (2, "previewed", 2)
    assert card(one).name == "从没买过"
    assert card(one).archived_at is None


def test_what_was_stated_or_noted_since_is_a_reason_to_keep():
    quiet, spoken_of = prospects("沉默", "有往来")
    with clock.freeze(clock.now() + dt.timedelta(days=1900)):
        contact = customers.Contact(at=clock.now(), way="call", outcome="reached", note="有意向")
        customers.record_contact(spoken_of, contact, by=BY)
    with clock.freeze(clock.now() + LATER):
        assert erased("never_bought").erased_count == 1
    assert card(quiet).archived_at is not None
    assert card(spoken_of).name == "有往来"


def test_a_run_erases_the_person_and_leaves_orders_their_amounts():
    taobao.open_shop(buyers=2)
    ids = list(CustomerCard.objects.values_list("customer_id", flat=True))
    before = list(Order.objects.order_by("id").values_list("net_cents", flat=True))
    with clock.freeze(clock.now() + LATER):
        run = erased("bought")
        assert run.erased_count == len(ids)
        assert previewed("bought").due_count == 0
    assert set(CustomerCard.objects.values_list("name", flat=True)) == {""}
    assert list(Order.objects.order_by("id").values_list("net_cents", flat=True)) == before
    assert subjects.replay() >= len(ids)


def test_holds_contracts_and_tasks_given_by_hand_keep_a_file_until_they_end():
    held, contracted, tasked, free = prospects("被起诉", "有合同", "有待办", "无牵挂")
    number = card(held).number
    with clock.freeze(clock.now() + LATER):
        hold = keeping.hold(number, "诉讼中", by=BY)
        contract = shop.add_contract(contracted, shop.Terms(title="框架合同", starts_on=clock.now().date()), by=BY)
        del contract
        work.open_task(
            "refresh_values", about_kind="customer", about_id=tasked, why_code="out_of_date", queue="archive"
        )
        from zhike.shop.models import Contract

        Contract.objects.update(state="active")
        run = erased("never_bought")
        assert run.erased_count == 1
        assert run.held == {"hold": 1, "contract": 1, "task": 1}
        assert card(free).archived_at is not None
        keeping.end_hold(hold.pk, by=BY)
        assert erased("never_bought").erased_count == 1
    assert card(held).archived_at is not None
    assert card(contracted).name == "有合同"


def test_nothing_is_erased_without_the_name_or_on_an_old_preview():
    prospects("某人")
    with clock.freeze(clock.now() + LATER):
        run = previewed("never_bought")
        for name in ("", "never_bought", "Never"):
            with pytest.raises(KeepingRefused) as refused:
                keeping.start(run.public_id, name, by=BY)
            assert refused.value.code == "name"
    with clock.freeze(clock.now() + LATER + dt.timedelta(days=2)), pytest.raises(KeepingRefused) as refused:
        keeping.start(run.public_id, str(CLASSES["never_bought"].label), by=BY)
    assert refused.value.code == "too_old"
    assert CustomerCard.objects.filter(archived_at=None).count() == 1


def test_nothing_goes_by_itself_until_it_is_switched_on():
    prospects("某人")
    with clock.freeze(clock.now() + LATER):
        assert not any(p.is_nightly for p in periods().values())
        assert keeping.run_nightly() == 0
        keeping.change_period("never_bought", 365, is_nightly=True, by=BY)
        assert keeping.run_nightly() == 1


def test_a_period_below_the_law_or_without_sense_is_refused():
    for code, days, why in (("bought", 1094, "days"), ("never_bought", 0, "days"), ("nothing", 400, "unknown")):
        with pytest.raises(KeepingRefused) as refused:
            keeping.change_period(code, days, is_nightly=False, by=BY)
        assert refused.value.code == why
    with pytest.raises(KeepingRefused) as refused:
        keeping.hold("K9999999", "没有这个人", by=BY)
    assert refused.value.code == "nobody"
    with pytest.raises(Forbidden):
        keeping.preview("bought", by=NOBODY)


def test_the_officer_previews_types_the_name_and_erases(as_officer):
    prospects("某人")
    with clock.freeze(clock.now() + LATER):
        page = as_officer.post(reverse("protect:keeping_preview", args=["never_bought"]))
        jobs.run_pending()
        body = as_officer.get(page.url).content.decode()
        assert card(CustomerCard.objects.get().customer_id).number in body
        assert "某人" not in body
        as_officer.post(page.url, {"name": "错"})
        assert CustomerCard.objects.filter(archived_at=None).count() == 1
        from django.utils import translation

        with translation.override("zh-hans"):
            as_officer.post(
                page.url, {"name": str(CLASSES["never_bought"].label)}, headers={"Accept-Language": "zh-hans"}
            )
        jobs.run_pending()
        assert CustomerCard.objects.filter(archived_at=None).count() == 0
        assert as_officer.get(reverse("protect:keeping")).status_code == 200


def test_nobody_but_owner_and_officer_reaches_the_page(as_agent, as_keeper, as_owner):
    address = reverse("protect:keeping")
    assert [c.get(address).status_code for c in (as_agent, as_keeper, as_owner)] == [403, 403, 200]

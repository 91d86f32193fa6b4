"""The second reader of key customers: who may be it, where it stands, and how data quality tells that one is missing."""

import pytest
from django.urls import reverse

from tests.cast import hire, signed_in
from zhike.clean.actions import quality as quality_acts
from zhike.clean.quality.rules import SECONDS, Rule
from zhike.clean.queries import quality
from zhike.customers import actions as customers
from zhike.customers.actions.charge import forget_charge
from zhike.customers.models import Customer
from zhike.customers.queries import charge
from zhike.kit import jobs
from zhike.secure import policy_changes
from zhike.secure.models import Staff
from zhike.secure.records import LOCAL_OPERATOR, Rights

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
BY = LOCAL_OPERATOR


def people(*names):
    return [customers.add_customer("person", {"name": name}, by=BY) for name in names]


def address(customer_id):
    return Customer.objects.get(pk=customer_id).public_id


def test_a_key_customer_has_a_second_reader_who_is_neither_owner_nor_deputy():
    (who,) = people("大客户")
    owner, deputy, reader = hire("agent"), hire("supervisor"), hire("account_manager")
    with pytest.raises(customers.ChargeRefused) as refused:
        customers.set_reader(who, reader.pk, by=BY)
    assert refused.value.code == "no_owner"
    customers.set_owner([who], owner.pk, by=BY)
    customers.set_deputy(who, deputy.pk, by=BY)
    for taken, code in ((owner, "owner_is_reader"), (deputy, "deputy_is_reader")):
        with pytest.raises(customers.ChargeRefused) as refused:
            customers.set_reader(who, taken.pk, by=BY)
        assert refused.value.code == code
    customers.set_reader(who, reader.pk, by=BY)
    with pytest.raises(customers.ChargeRefused) as refused:
        customers.set_deputy(who, reader.pk, by=BY)
    assert refused.value.code == "reader_is_deputy"
    told = charge.charge_of(who)
    assert (told.deputy_staff_id, told.reader_staff_id) == (deputy.pk, reader.pk)
    assert [(c.part, c.before, c.after) for c in told.changes[:2]] == [
        ("reader", None, reader.pk),
        ("deputy", None, deputy.pk),
    ]
    assert charge.reader_counts() == {reader.pk: 1}
    customers.set_reader(who, None, by=BY)
    assert charge.charge_of(who).reader_staff_id is None


def test_a_second_reader_is_forgotten_with_the_customer():
    (who,) = people("要求删除的")
    owner, reader = hire("agent"), hire("account_manager")
    customers.set_owner([who], owner.pk, by=BY)
    customers.set_reader(who, reader.pk, by=BY)
    forget_charge(who)
    told = charge.charge_of(who)
    assert (told.reader_staff_id, told.changes) == (None, ())


def gaps_of(customer_id):
    return {name for name in quality.figures_of(customer_id)["missing"].split(",") if name in SECONDS}


def test_data_quality_tells_of_key_customers_that_lack_a_second_person_and_of_nobody_else():
    key, plain = people("重点", "普通")
    owner, deputy, reader = hire("agent"), hire("supervisor"), hire("account_manager")
    customers.set_owner([key, plain], owner.pk, by=BY)
    customers.set_key([key], True, by=BY)
    assert (gaps_of(key), gaps_of(plain)) == ({"deputy", "second_reader"}, set())
    customers.set_deputy(key, deputy.pk, by=BY)
    customers.set_reader(key, reader.pk, by=BY)
    assert gaps_of(key) == set()
    customers.set_owner([key], deputy.pk, by=BY)  # who became the owner is no second person
    assert gaps_of(key) == {"deputy"}
    Staff.objects.filter(pk=reader.pk).update(is_active=False)  # nor is who left
    assert gaps_of(key) == {"deputy", "second_reader"}


def test_the_gap_is_counted_on_the_board_and_its_rule_can_be_switched_off_but_not_copied():
    key, _plain = people("重点", "普通")
    customers.set_key([key], True, by=BY)
    quality_acts.request_measuring(by=BY)
    jobs.run_pending()
    day = quality.latest()
    assert day.totals["fields"]["second_reader"]["completeness"] == [0, 1]
    (behind,) = quality.behind(day.public_id, field="second_reader", dimension="completeness", groups={})
    assert behind["customer_id"] == key
    quality_acts.change_rule("second_reader.required", threshold=0, severity="high", is_on=False, by=BY)
    assert gaps_of(key) == {"deputy"}
    with pytest.raises(quality_acts.RuleRefused):
        quality_acts.add_rule(Rule("", "deputy", "required", stages=("current",)), by=BY)


def test_the_pane_asks_for_a_second_reader_of_key_customers_and_says_what_lacks(as_owner):
    (who,) = people("大客户")
    owner, deputy, reader = hire("agent"), hire("supervisor"), hire("account_manager")
    customers.set_owner([who], owner.pk, by=BY)
    pane, change = (reverse(f"desk:{name}", args=[address(who)]) for name in ("charge_pane", "charge_change"))
    assert "第二审阅人" not in as_owner.get(pane).content.decode()
    as_owner.post(change, {"key": "1"})
    assert "重点客户须有副手和第二审阅人" in as_owner.get(pane).content.decode()
    as_owner.post(change, {"deputy": deputy.pk})
    as_owner.post(change, {"reader": reader.pk})
    said = as_owner.get(pane).content.decode()
    assert "重点客户须有副手和第二审阅人" not in said
    assert f"第二审阅人: 无 → {reader.display_name}" in said
    refused = as_owner.post(change, {"reader": owner.pk}, follow=True).content.decode()
    assert "专管人不能兼任第二审阅人" in refused
    assert charge.charge_of(who).reader_staff_id == reader.pk
    people_page = as_owner.get(reverse("desk:charge")).content.decode()
    assert "第二审阅人" in people_page


def test_who_may_not_see_second_readers_finds_none_on_pane_and_card():
    (who,) = people("大客户")
    owner, reader = hire("agent"), hire("account_manager")
    customers.set_owner([who], owner.pk, by=BY)
    customers.set_key([who], True, by=BY)
    customers.set_reader(who, reader.pk, by=BY)
    places = [reverse("desk:charge_pane", args=[address(who)]), f"/customers/{address(who)}/card/current/"]
    browser = signed_in(owner)
    assert all("第二审阅人" in browser.get(place).content.decode() for place in places)
    policy_changes.set_rule("agent", "second_reader", Rights("hidden"), by=BY)
    assert not any("第二审阅人" in browser.get(place).content.decode() for place in places)

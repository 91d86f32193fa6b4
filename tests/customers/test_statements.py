"""Stories of what happens when sources speak about customers."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction

from tests.customers.logical_state import logical_state
from tests.customers.story import MARCH, Record, says
from zhike.customers import actions, cards
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.models import Customer, CustomerCard, Link, Sighting, SourceVersion
from zhike.customers.records import SourceFacts
from zhike.secure.records import LOCAL_OPERATOR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = dt.timedelta(days=1)


def card(**found: Any) -> CustomerCard:
    return CustomerCard.objects.get(archived_at=None, **found)


def test_a_new_key_opens_a_file_with_a_number_and_origins(taobao: SourceFacts, record: Record) -> None:
    tally = record(
        taobao, says("tb_demo01", name="王小明", phone="138 0000 0001", address="广东省 广州市 越秀区 示例路1号")
    )
    file = card()
    assert (tally.new, tally.rejected) == (1, 0)
    assert (file.name, file.province, file.city, file.has_phone) == ("王小明", "广东省", "广州市", True)
    assert file.number == f"K{file.customer_id:07d}"
    version = SourceVersion.objects.get()
    assert file.origins["name"] == file.origins["phone"] == version.id
    # Eight digits and not three: the facts hold digests, and in 64 hexadecimal digits any three of them turn up by chance.
    assert "00000001" not in str(version.facts).replace(" ", "") and b"00000001" not in bytes(version.sealed)


def test_saying_the_same_twice_adds_a_sighting_and_nothing_else(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("tb_demo01", name="王小明"))
    before = logical_state()
    tally = record(taobao, says("tb_demo01", name="王小明"), run_id=2)
    assert (tally.unchanged, tally.new, tally.updated) == (1, 0, 0)
    assert logical_state() == before
    assert SourceVersion.objects.count() == 1 and Sighting.objects.count() == 2


def test_the_newest_statement_of_a_source_shows_and_the_older_stays_known(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("tb_demo01", name="王小明", as_of=MARCH))
    record(taobao, says("tb_demo01", name="王晓明", as_of=MARCH + DAY), run_id=2)
    record(taobao, says("tb_demo01", name="王小名", as_of=MARCH - DAY), run_id=3)
    assert card().name == "王晓明"
    assert SourceVersion.objects.count() == 3


def test_a_receivers_name_gives_way_to_the_buyers_own(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("tb_demo01", name="李收件", weak=("name",), as_of=MARCH + DAY))
    assert card().name == "李收件"
    record(taobao, says("tb_demo01", name="王小明", as_of=MARCH), run_id=2)
    assert card().name == "王小明"


def test_a_masked_name_of_a_platform_is_not_an_identity(taobao: SourceFacts, record: Record) -> None:
    tally = record(taobao, says("小*测试", name="陈镕"))
    assert tally.rejected == 1 and tally.problems[0].code == "key.masked" and tally.problems[0].fatal
    assert Customer.objects.count() == 0


def test_values_that_cannot_be_read_are_reported_and_the_row_still_counts(taobao: SourceFacts, record: Record) -> None:
    tally = record(taobao, says("tb_demo01", name="王小明", phone="12", email="not-an-address"))
    assert tally.new == 1
    assert {p.field for p in tally.problems} == {"phone", "email"}
    assert all(not p.fatal for p in tally.problems)
    assert not card().has_phone


def test_the_same_mail_in_two_shops_is_one_file_with_a_link_that_says_why(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb_demo01", name="王小明", payment_account="Demo0@Example.com"))
    tally = record(
        shopify, says("7001", key_field="platform_id", name="Wang Xiaoming", email="demo0@example.com"), run_id=2
    )
    assert (tally.joined, tally.new) == (1, 0)
    assert Customer.objects.count() == 1
    assert Link.objects.get().why == "same_email"


def test_two_accounts_of_one_shop_stay_two_files_whatever_they_share(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    tally = record(taobao, says("tb_demo02", name="王小明", phone="13800000001"), run_id=2)
    assert (tally.new, tally.joined) == (1, 0)


def test_a_phone_joins_only_where_the_names_do_not_contradict(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    other = record(shopify, says("1", key_field="platform_id", name="李秀英", phone="13800000001"), run_id=2)
    same = record(shopify, says("2", key_field="platform_id", name="王小明", phone="+86 138-0000-0001"), run_id=3)
    assert (other.new, other.joined) == (1, 0)
    assert (same.new, same.joined) == (0, 1)


def test_an_identifier_that_several_customers_hold_joins_nobody(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, says("a", email="shared@example.com"), says("b", 2, email="shared@example.com"))
    tally = record(shopify, says("1", key_field="platform_id", email="shared@example.com"), run_id=2)
    assert (tally.new, tally.joined) == (1, 0)


def test_a_receivers_phone_never_joins(taobao: SourceFacts, shopify: SourceFacts, record: Record) -> None:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    tally = record(shopify, says("1", key_field="platform_id", phone="13800000001", weak=("phone",)), run_id=2)
    assert (tally.new, tally.joined) == (1, 0)


def test_undoing_the_first_of_two_equal_imports_leaves_the_second_standing(taobao: SourceFacts, record: Record) -> None:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"), run_id=2)
    before = logical_state()
    assert sum(actions.withdraw_run(1)) == 1
    assert logical_state() == before
    assert sum(actions.withdraw_run(2)) == 1
    assert logical_state() == []
    archived = CustomerCard.objects.get()
    assert (
        archived.archived_at is not None and archived.number == f"K{archived.customer_id:07d}" and archived.name == ""
    )


def test_a_withdrawn_customer_comes_back_under_the_same_number_when_said_again(
    taobao: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    number = card().number
    for _ in actions.withdraw_run(1):
        pass
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"), run_id=2)
    assert card().number == number and card().name == "王小明"


def test_who_knew_a_customer_first_is_the_first_source_again_when_it_says_again_what_was_undone(
    taobao: SourceFacts, shopify: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    record(shopify, says("1", key_field="platform_id", name="王小明", phone="13800000001"), run_id=2)
    assert card().first_source_id == taobao.id
    for _ in actions.withdraw_run(1):
        pass
    assert card().first_source_id == shopify.id
    before = card().change_seq
    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"), run_id=3)
    assert card().first_source_id == taobao.id
    assert card().change_seq > before  # the lake is told
    customer = card().customer_id
    with transaction.atomic():
        derive_cards({customer})
    assert card().first_source_id == taobao.id


def test_an_undone_import_can_no_longer_be_found_by_its_values(taobao: SourceFacts, record: Record) -> None:
    from zhike.customers.models import Lookup, NameToken

    record(taobao, says("tb_demo01", name="王小明", phone="13800000001"))
    assert Lookup.objects.count() >= 3  # handle, phone, last four digits
    for _ in actions.withdraw_run(1):
        pass
    assert Lookup.objects.count() == 0 and NameToken.objects.count() == 0


def test_a_file_edited_between_preparation_and_writing_refuses_the_stale_batch(
    taobao: SourceFacts, record: Record
) -> None:
    record(taobao, says("tb_demo01", name="王小明"))
    prepared = actions.prepare_statements(taobao.id, [says("tb_demo01", name="王晓明", as_of=MARCH + DAY)], run_id=2)
    actions.edit_field(card().customer_id, "name", "王大明", by=LOCAL_OPERATOR)
    with pytest.raises(actions.StaleBatch):
        actions.record_statements(prepared)
    assert card().name == "王大明"


def test_the_card_always_equals_the_rules_run_again(taobao: SourceFacts, shopify: SourceFacts, record: Record) -> None:
    record(taobao, says("a", name="王小明", city="广州市", email="a@example.com"), says("b", 2, name="李秀英"))
    record(shopify, says("1", key_field="platform_id", name="Wang", email="a@example.com", as_of=MARCH + DAY), run_id=2)
    actions.edit_field(CustomerCard.objects.get(name="李秀英").customer_id, "city", "成都市", by=LOCAL_OPERATOR)
    for file in CustomerCard.objects.all():
        versions = [v for _, v in cards.live_versions([file.customer_id])]
        assert cards.columns_of(versions, file.kind) == {name: getattr(file, name) for name in cards.COLUMNS}


def test_every_statement_of_a_batch_is_accounted_for(taobao: SourceFacts, record: Record) -> None:
    tally = record(taobao, says("a", name="甲"), says("a", 2, name="甲"), says("t**1", 3), says("b", 4, name="乙"))
    assert tally.seen == 4 == tally.new + tally.unchanged + tally.rejected + tally.updated + tally.joined


def test_a_birth_date_is_sealed_as_a_day_whatever_way_it_is_written(taobao: SourceFacts, record: Record) -> None:
    file = record(taobao, says("a", birth_date="1990/3/1"), says("b", 2, birth_date="1990年03月01日"))
    assert file.problems == []
    facts = [v.facts["birth_date"] for v in SourceVersion.objects.all()]
    assert facts[0] == facts[1] and "1990-0" not in str(facts)

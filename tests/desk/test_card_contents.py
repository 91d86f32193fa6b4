"""What the textbook prescribes for cards beyond the fields of the file: installed items, source and method, the second reader."""

import datetime as dt

import pytest
from django.test import Client

from tests.cast import hire
from tests.desk import ground
from tests.desk.test_printing import print_card, read
from zhike.collect.source_kinds import KINDS
from zhike.collect.source_methods import METHODS, OF_KIND, methods_of
from zhike.customers import actions as customers
from zhike.customers.models import Source
from zhike.customers.records import Statement
from zhike.secure import policy_changes
from zhike.secure.records import LOCAL_OPERATOR, Rights
from zhike.shop import actions as shop
from zhike.shop.records import LineStatement, OrderStatement

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def buys(count: int, *, first: int = 0) -> None:
    """王小明 buys so many more products, one a day."""
    source_id = Source.objects.get(code="taobao").id
    buyer = Statement(("platform_id", "a1"), ground.NOON, {"name": "王小明"}, 1)
    orders = [
        OrderStatement(
            f"M{n}", ground.NOON + dt.timedelta(days=n + 1), (LineStatement(f"CUP-{n}", f"茶杯{n}号", "1", "9.00"),),
            n + 1, currency="CNY", buyer=buyer,
        )
        for n in range(first, first + count)
    ]  # fmt: skip
    shop.record_orders(shop.prepare_orders(source_id, orders, run_id=40))
    for _ in shop.finish_run(40):
        pass


def test_the_card_of_a_current_customer_lists_what_they_own_once_with_a_door_to_all_orders(
    as_owner: Client, wang: int, address: str
) -> None:
    said = as_owner.get(f"{address}card/current/").content.decode()
    assert "在用设备" in said and "根据订单得出" in said
    listed = said.split("<h3>在用设备</h3>")[1].split("</section>")[0]
    assert listed.count("雪平锅") == 1 and '<td class="num-col">4</td>' in listed and "N1" in listed
    assert f'href="{address}?kind=order"' in listed
    assert "在用设备" not in as_owner.get(f"{address}card/potential/").content.decode()


def test_at_most_ten_installed_items_stand_on_a_card_which_says_how_many_more_there_are(
    as_owner: Client, wang: int, address: str
) -> None:
    buys(11)
    listed = (
        as_owner.get(f"{address}card/current/").content.decode().split("<h3>在用设备</h3>")[1].split("</section>")[0]
    )
    assert listed.count("茶杯") == 10 and "茶杯10号" in listed and "茶杯0号" not in listed
    assert "另有 2 种商品未列出。" in listed


@pytest.mark.parametrize("form", ["pdf", "docx", "xlsx"])
def test_installed_items_and_the_method_are_printed_and_the_door_is_not(
    as_owner: Client, wang: int, address: str, form: str
) -> None:
    Source.objects.filter(code="taobao").update(channel_kind="referral")
    said = read(print_card(as_owner, address, form), form)
    for word in ("在用设备", "雪平锅", "根据订单得出", "来源方式", "无限连锁法"):
        assert word in said, word
    assert "全部订单" not in said


def test_who_may_not_see_order_lines_finds_no_installed_items(as_agent: Client, wang: int, address: str) -> None:
    customers.set_owner([wang], hire("agent").pk, by=LOCAL_OPERATOR)
    assert "在用设备" in as_agent.get(f"{address}card/current/").content.decode()
    policy_changes.set_rule("agent", "order_lines", Rights("hidden"), by=LOCAL_OPERATOR)
    assert "在用设备" not in as_agent.get(f"{address}card/current/").content.decode()


def test_a_closed_card_lists_what_was_owned_when_it_was_closed(as_owner: Client, wang: int, address: str) -> None:
    from zhike.customers.models import OldCard

    customers.set_stage([wang], "current", by=LOCAL_OPERATOR)
    customers.set_stage([wang], "former", by=LOCAL_OPERATOR)
    (old,) = OldCard.objects.filter(customer_id=wang, kind="current")
    OldCard.objects.filter(pk=old.pk).update(closed_at=ground.NOON + dt.timedelta(minutes=30))
    said = as_owner.get(f"{address}card/closed/{old.public_id}/").content.decode()
    listed = said.split("<h3>在用设备</h3>")[1].split("</section>")[0]
    assert '<td class="num-col">2</td>' in listed and "N1" not in listed


def test_every_card_names_the_method_of_its_sources_in_both_languages(
    as_owner: Client, wang: int, address: str
) -> None:
    Source.objects.filter(code="taobao").update(channel_kind="yellow_pages")
    for kind in ("potential", "current", "former"):
        said = as_owner.get(f"{address}card/{kind}/").content.decode()
        assert "来源方式" in said and "网上黄页法" in said, kind
    as_owner.cookies["zhike_language"] = "en"
    said = as_owner.get(f"{address}card/potential/").content.decode()
    assert "Method of collecting" in said and "Online yellow pages" in said


def test_every_kind_of_source_has_one_named_method_and_sources_of_one_method_name_it_once() -> None:
    assert set(OF_KIND) == set(KINDS)
    assert set(OF_KIND.values()) <= set(METHODS) and len(METHODS) == 18
    assert methods_of(["purchased_list", "data_partner", "referral", "house"]) == ["无限连锁法", "直接购买法"]


def test_the_card_of_a_key_customer_names_the_second_reader_and_leaves_a_place_for_one_not_named(
    as_owner: Client, wang: int, address: str
) -> None:
    owner, reader = hire("agent"), hire("account_manager")
    customers.set_owner([wang], owner.pk, by=LOCAL_OPERATOR)
    assert "第二审阅人" not in as_owner.get(f"{address}card/current/").content.decode()
    customers.set_key([wang], True, by=LOCAL_OPERATOR)
    said = as_owner.get(f"{address}card/current/").content.decode()
    assert "第二审阅人" in said and reader.display_name not in said
    customers.set_reader(wang, reader.pk, by=LOCAL_OPERATOR)
    assert reader.display_name in as_owner.get(f"{address}card/current/").content.decode()

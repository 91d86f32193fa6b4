"""What the staff of the demo shop have done: owners, tags, edits, contacts, and answers to the day's lists."""

import datetime as dt
import itertools
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.actions import segments
from zhike.customers.actions.contacts import Contact
from zhike.customers.records import RegisterFilter, Selection
from zhike.desk.demo.filling import sources
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.work import queries as work

LISTS = ("gone_quiet", "big_first_buyer", "lost_high_value")

_TAGS = (
    ("老茶客", RegisterFilter(orders_min=8), 400),
    ("企业采购", RegisterFilter(kind="organisation"), 200),
    ("送礼大户", RegisterFilter(net_min_cents=300_000), 150),
    ("只买过一次", RegisterFilter(orders_min=1, orders_max=1), 120),
)
_EDITS = (
    ("note", "喜欢浓香型；逢年过节买礼盒送客户，提前一周联系。"),
    ("occupation", "茶馆老板"),
    ("note", "只收工作日，地址写公司。"),
    ("sex", "女"),
    ("occupation", "中学教师"),
    ("note", "上次的盖碗有磕碰，已补寄；再来请优先发货。"),
)
_CONTACTS = (
    ("call", "回访", "新茶上市", "reached", "聊了新到的明前龙井，答应寄一包茶样。", 0, 6),
    ("message", "关怀", "", "done", "发了生日祝福，客户回了谢谢。", 0, 2),
    ("gift", "维系", "茶样两包", "done", "随单放了两包茶样。", 1200, 3),
    ("call", "回访", "", "not_reached", "没有接听，下周再打。", 0, 1),
    ("chat", "售后", "补寄盖碗", "done", "盖碗磕碰，补寄一只，客户满意。", 4500, 15),
    ("visit", "企业采购", "年终礼盒八折", "reached", "上门看样，年底要一百二十盒，报价已发。", 8600, 90),
)
_ANSWERS = (
    ("done", "电话聊过，月底会再下单。"),
    ("not_now", "在出差，两周后再联系。"),
    ("done", "发了优惠券。"),
    ("wrong", "已经换了公司，不再采购。"),
)


def give_owners_and_tags(staff: Mapping[str, int], *, by: Viewer) -> None:
    """The best customers get an owner 专管人, groups get tags. `staff`: role code → staff id."""
    best = some(by, RegisterFilter(net_min_cents=200_000), 90)
    if manager := staff.get("account_manager"):
        customers.set_owner(best[:50], manager, by=by)
    if agent := staff.get("agent"):
        customers.set_owner(best[50:], agent, by=by)
    for name, wanted, most in _TAGS:
        if found := some(by, wanted, most):
            customers.add_tag(found, name, by=by)


REGULARS, GIVERS, WILLING, AWAY = "江浙沪常客", "买过礼盒的企业", "想买也买得起的潜在客户", "一年没下单的老客户"
_SEGMENTS = (
    ("三个月没下单的老客户", "回访和发券前先看这一组。",
     {"all": [{"on": "order_count", "is": "at_least", "value": 3}, {"on": "last_order", "is": "before", "value": {"last_days": 90}}]}),
    (REGULARS, "周边地区，次日达，适合新茶尝鲜。",
     {"all": [{"on": "province", "is": "any_of", "value": ["浙江省", "江苏省", "上海市"]},
              {"on": "bought_orders", "is": "at_least", "value": 2, "where": {"window": {"last_days": 365}}}]}),
    (GIVERS, "年节前一个月联系。",
     {"all": [{"on": "kind", "is": "any_of", "value": ["organisation"]},
              {"on": "bought_orders", "is": "at_least", "value": 1, "where": {"categories": ["礼盒"]}}]}),
    (WILLING, "意向明确、购买力已知，该有人跟进了。",
     {"all": [{"on": "stage", "is": "any_of", "value": ["potential"]},
              {"on": "purchase_class", "is": "any_of", "value": ["a", "b"]}]}),
    (AWAY, "买过两次以上，一年没有消息。",
     {"all": [{"on": "order_count", "is": "at_least", "value": 2}, {"on": "last_order", "is": "before", "value": {"last_days": 365}}]}),
)  # fmt: skip


def draw_segments(staff: Mapping[str, int]) -> dict[str, str]:
    """The segments the operator of the shop keeps for everybody; returns {name: public id}."""
    if not (operator := staff.get("operator")):
        return {}
    maker = secure.viewer_of_staff(operator)
    return {
        name: segments.make_segment(name, {"version": 1, "rule": rule}, by=maker, note=note, sharing="all")[0]
        for name, note, rule in _SEGMENTS
    }


def keep_the_files(staff: Mapping[str, int], seed: int, *, by: Viewer) -> int:
    """Edits and contact records by those who would have made them; returns how many contacts."""
    agent = secure.viewer_of_staff(staff.get("agent")) if "agent" in staff else by
    chance = Random(seed)
    known = some(by, RegisterFilter(orders_min=3), 60)
    for customer_id, (field, text) in zip(known, _EDITS * 2, strict=False):
        customers.edit_field(customer_id, field, text, by=agent)
    now, count = clock.now(), 0
    for customer_id in known[:40]:
        for way, purpose, offer, outcome, note, cost, minutes in chance.sample(_CONTACTS, chance.choice((1, 1, 2))):
            at = now - dt.timedelta(days=chance.randint(1, 120), minutes=chance.randint(0, 400))
            contact = Contact(
                at=at,
                way=way,
                outcome=outcome,
                purpose=purpose,
                offer=offer,
                note=note,
                cost_cents=cost,
                minutes=minutes,
            )
            customers.record_contact(customer_id, contact, by=agent)
            count += 1
    return count


def answer_some(staff: Mapping[str, int], *, by: Viewer) -> dict[str, int]:
    """Close the first entries of the day's lists; returns how many stay open, by list."""
    agent = secure.viewer_of_staff(staff.get("agent")) if "agent" in staff else by
    for kind in LISTS:
        tasks = work.open_tasks(agent, kind, limit=len(_ANSWERS)).tasks
        # Every list keeps the greater part of its entries: there must be something left to do.
        for task, (outcome, note) in zip(tasks[: len(tasks) // 2], _ANSWERS, strict=False):
            customers.note_outcome(task.id, outcome, note, by=agent)
    return work.open_counts(by, LISTS)


def some(by: Viewer, wanted: RegisterFilter, most: int) -> list[int]:
    """Customers a demo source brought first, at most so many: real ones beside them are nobody's practice."""
    found: list[int] = []
    for source in sources():
        chunks = customer_queries.selected_ids(by, Selection(matching=replace(wanted, source_id=source.id)))
        found += itertools.islice(itertools.chain.from_iterable(chunks), most - len(found))
    return found

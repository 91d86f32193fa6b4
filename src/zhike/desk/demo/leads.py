"""Who is on the way to buying at the demo shop, and who stopped: so that the funnel and the three cards have something to show."""

import datetime as dt
from collections.abc import Mapping
from random import Random

from zhike.customers import actions as customers
from zhike.customers.actions.contacts import Contact
from zhike.customers.actions.stages import Because
from zhike.customers.records import RegisterFilter
from zhike.desk.demo.staff_work import some
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

# What was learned of somebody, the step before a sale it took, and where they stand now.
_WANTS: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("target", {"need": "公司茶歇用茶，每月二十斤", "intention": "strong", "purchasing_power": "strong", "demand_size": "20", "expected_amount": "12000"}, "relate", "看过样茶，等行政签字。"),
    ("target", {"need": "婚宴伴手礼一百份", "intention": "strong", "purchasing_power": "weak", "demand_size": "100", "expected_amount": "6800"}, "understand", "预算一份六十八元，想看新包装。"),
    ("potential", {"need": "送老师的明前龙井", "intention": "weak", "purchasing_power": "strong", "demand_size": "2"}, "follow", "加了微信，说月底再看。"),
    ("target", {"need": "开茶室，常年供货", "intention": "strong", "purchasing_power": "none", "demand_size": "60", "expected_amount": "30000"}, "relate", "店面还在装修，资金到位再谈。"),
    ("potential", {"need": "自己喝的口粮茶", "intention": "weak", "purchasing_power": "weak", "demand_size": "3"}, "talk", "市场上聊过，留了电话。"),
    ("target", {"need": "年会礼盒六十份", "intention": "strong", "purchasing_power": "strong", "demand_size": "60", "expected_amount": "15600"}, "understand", "比过两家，看重交货时间。"),
    ("target_market", {"need": "只是逛逛", "intention": "none", "purchasing_power": "strong"}, "find", "在展位取了目录。"),
    ("potential", {"need": "换一套紫砂壶", "intention": "strong", "purchasing_power": "strong", "demand_size": "1"}, "talk", "看过实物照片，说周末来店里挑。"),
)  # fmt: skip
# Why somebody stopped: the reason of the move, that of the card, what was found out, and whether it was tried to win them back.
_STOPPED = (
    ("rival", "rival", "同城新开了一家，送货上门。", "offer"),
    ("price", "price", "涨价以后改买散茶。", "offer"),
    ("service", "delivery", "两次破损，补发太慢。", "call"),
    ("no_need", "need_gone", "医生让少喝茶。", ""),
    ("no_answer", "unreachable", "三次没打通。", "call"),
    ("unfit", "range", "只要白茶，我们没有。", ""),
)
_LEADS, _GONE, _QUIET_DAYS = 32, 18, 240


def follow_leads(staff: Mapping[str, int], seed: int, *, by: Viewer) -> int:
    """The account manager came to know some who have not bought yet, and placed them; how many."""
    manager, chance, now = _viewer(staff, "account_manager", by), Random(seed + 17), clock.now()
    found = some(by, RegisterFilter(stage="potential", orders_max=0), _LEADS)
    if "account_manager" in staff:
        customers.set_owner(found, staff["account_manager"], by=by)
    for place, customer_id in enumerate(found):
        stage, learned, step, said = _WANTS[place % len(_WANTS)]
        values = dict(learned)
        if "expected_amount" in values:
            values["expected_order_on"] = f"{now.date() + dt.timedelta(days=chance.randint(5, 70)):%Y-%m-%d}"
        customers.edit_fields(customer_id, values, by=manager)
        at = now - dt.timedelta(days=chance.randint(1, 40), minutes=chance.randint(0, 400))
        minutes = chance.choice((10, 15, 25, 40))
        contact = Contact(
            at=at, way="call", outcome="reached", purpose="售前", note=said, minutes=minutes, cost_cents=minutes * 20, step=step
        )  # fmt: skip
        customers.record_contact(customer_id, contact, by=manager)
        if stage != "potential":
            customers.set_stage([customer_id], stage, by=manager)
    return len(found)


def trace_those_who_stopped(staff: Mapping[str, int], *, by: Viewer) -> int:
    """Some who have been quiet for long are former customers, with the reason and what was tried; how many."""
    agent, now = _viewer(staff, "agent", by), clock.now()
    quiet = RegisterFilter(stage="current", orders_min=2, last_to=now - dt.timedelta(days=_QUIET_DAYS))
    found = some(by, quiet, _GONE)
    for place, customer_id in enumerate(found):
        loss, reason, said, tried = _STOPPED[place % len(_STOPPED)]
        customers.set_stage([customer_id], "former", by=by, because=Because(reason=loss, note=said))
        customers.edit_fields(customer_id, {"leaving_reason": said}, by=agent)
        day = now.date() - dt.timedelta(days=3 + place % 9)
        review = now.date() + dt.timedelta(days=90) if tried else None
        customers.trace_stop(
            customer_id, by=agent, on=day, today=now.date(), reason=reason, words=said, review_on=review
        )
        if tried:
            offered = "老客户八折券" if tried == "offer" else ""
            contact = Contact(
                at=now - dt.timedelta(days=2, minutes=place * 9), way="call", outcome="reached" if offered else "not_reached",
                purpose="挽回", offer=offered, note="答应下个月再来看看。" if offered else "没有接听。", minutes=6, cost_cents=120,
            )  # fmt: skip
            customers.record_contact(customer_id, contact, by=agent)
    return len(found)


def _viewer(staff: Mapping[str, int], role: str, by: Viewer) -> Viewer:
    return secure.viewer_of_staff(staff[role]) if role in staff else by

"""What the demo shop's card forms and staff tell beyond the basics: family, career, tastes, companies and their people."""

import datetime as dt
from collections.abc import Iterator, Mapping
from random import Random

from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import RegisterFilter, Selection
from zhike.desk.demo import names
from zhike.desk.demo.credit import tell_of_credit
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.shop import actions as shop

# A member fills in some of the form: each field with how many in a hundred answer it, and what they choose from.
_ANSWERS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    ("education_level", 55, ("high_school", "college", "bachelor", "bachelor", "master")),
    ("marital_status", 40, ("single", "married", "married", "married")),
    ("buys_for", 60, ("self", "self|partner", "parents", "friends|gifts", "self|gifts")),
    ("children_ages", 18, ("0_2", "3_6", "7_12", "13_17", "grown")),
    ("income_band", 25, ("to_10", "to_20", "to_20", "to_50")),
    ("interests", 70, ("茶道、书法", "摄影、旅行", "烘焙、园艺", "钓鱼、棋牌", "登山、露营", "读书、古琴")),
    ("preferred_channel", 65, ("wechat", "wechat", "sms", "phone", "shop_chat")),
    ("preferred_hours", 45, ("evening", "noon|evening", "weekend", "morning")),
    ("shopping_psychology", 35, ("utility", "brand", "beauty", "bargain", "following|bargain", "novelty")),
    ("liked_categories", 60, ("绿茶、茶具", "红茶、礼盒", "普洱、紫砂", "锅具、砧板", "花茶、保温杯")),
    ("payment_preference", 50, ("alipay", "wechat_pay", "alipay|wechat_pay")),
    ("price_attitude", 30, ("2", "3", "3", "4", "5")),
    ("quality_attitude", 30, ("4", "5", "5")),
)
_FIRM = {
    "legal_form": "limited",
    "industry": "企业服务、礼品",
    "dealer_or_user": "end_user",
    "organisation_structure": "总经理\n- 行政部：采购、前台\n- 业务部：华东组、华南组\n- 财务部",
    "relation_to_us": "两年的老客户，每年春节和中秋集中采购礼盒。",
    "management_ability": "采购流程规范，三级审批，决定慢但很少反悔。",
    "trade_reputation": "在本地同行里口碑好，付款守时。",
    "attitude_to_us": "认可茶品和包装，希望年底前能给到账期。",
    "finance_state": "年报已审计，现金充足。",
    "credit_state": "近两年没有逾期。",
    "concerns": "担心节前物流不及时。",
}
_PEOPLE = (
    ("contact", ("decider", "approver"), "总经理", 5),
    ("contact", ("buyer", "user"), "行政采购", 3),
    ("contact", ("gatekeeper", "influencer"), "总经理助理", 4),
)
_FIRMS = 4
# Buyer or market, region, channel, product, unit.
_MARKETS = (
    ("华东商超", "上海市", "retail", "员工福利礼包", "份"),
    ("杭州会展中心", "浙江省", "project", "会务茶歇", "场"),
    ("华东商超", "江苏省", "retail", "员工福利礼包", "份"),
    ("自营网店", "", "online", "员工福利礼包", "份"),
)


def answers(chance: Random) -> dict[str, str]:
    """What one member wrote on the form besides name and birthday."""
    return {field: chance.choice(values) for field, share, values in _ANSWERS if chance.random() * 100 < share}


def business_cards(firms: int) -> Iterator[tuple[str, dict[str, str]]]:
    """The people of the first companies, as their business cards name them: (key, values)."""
    for firm in range(min(firms, _FIRMS)):
        for place, (_, _, position, _) in enumerate(_PEOPLE):
            number = firm * len(_PEOPLE) + place
            name, sex = names.person_name(Random(number + 31))
            yield (
                f"C{number:07d}",
                {"name": name, "sex": sex, "phone": names.phone(900_000 + number), "position": position},
            )


def tell_of_companies(staff: Mapping[str, int], seed: int, *, by: Viewer) -> int:
    """Fill in the files of some companies: state of business, people with their roles, a parent, a contract; how many."""
    chance, keeper = Random(seed * 7 + 5), secure.viewer_of_staff(staff["keeper"]) if "keeper" in staff else by
    wanted = RegisterFilter(kind="organisation", last_from=clock.now() - dt.timedelta(days=330))
    found = [c for chunk in customer_queries.selected_ids(by, Selection(matching=wanted)) for c in chunk][:_FIRMS]
    for number, firm in enumerate(found):
        customers.edit_fields(firm, _FIRM | {"staff_count": str(chance.randint(20, 900))}, by=keeper)
        for place, (kind, roles, position, influence) in enumerate(_PEOPLE):
            for one in customer_queries.search(by, f"C{number * len(_PEOPLE) + place:07d}").ids:
                link = customers.Link(kind=kind, roles=roles, position=position, influence=influence)
                customers.link_customers(one, firm, link, by=by)
        for flow in _flows(number, chance):
            customers.note_flow(firm, flow, today=clock.now().date(), by=keeper)
        _contract(firm, staff.get("account_manager"), chance, by)
    tell_of_credit(found, staff, chance, by=by)
    for lower in found[1:3]:
        customers.link_customers(lower, found[0], customers.Link(kind="parent"), by=by)
    return len(found)


def _flows(number: int, chance: Random) -> Iterator[customers.Flow]:
    """Where the first companies' own goods went, order by order."""
    for place, (buyer, region, channel, product, unit) in enumerate(_MARKETS if number < 2 else ()):
        yield customers.Flow(
            on=clock.now().date() - dt.timedelta(days=9 + 23 * place), buyer=buyer, product=product, unit=unit, region=region,
            channel=channel, quantity=str(chance.randint(3, 40) * 10), order_number=f"CK-{2601 + 17 * place}",
        )  # fmt: skip


def _contract(firm: int, owner: int | None, chance: Random, by: Viewer) -> None:
    today = clock.now().date()
    terms = shop.Terms(
        title=f"{today.year} 年度礼品供货合同",
        number=f"HT-{today.year}-{chance.randint(10, 99)}",
        subject="节日茶礼盒与日常用茶供货。",
        starts_on=today - dt.timedelta(days=330),
        ends_on=today + dt.timedelta(days=chance.randint(12, 80)),
        volume_cents=chance.choice((6_000_000, 12_000_000)),
        volume_terms="满 100 盒按协议价，满 300 盒再减 5%。",
        payment_terms="到货后 30 天内付清。",
        owner_staff_id=owner,
    )
    made = shop.add_contract(firm, terms, by=by)
    shop.add_price(made, "节日茶礼盒 三味", "268.00", by=by, sku="LH-3", from_quantity=100)
    shop.add_price(made, "鎏金茶礼 五罐", "421.00", by=by, sku="LH-5", from_quantity=50)
    kept = shop.add_clause(made, "节前 15 天交货", by=by, whose="ours", due_on=today - dt.timedelta(days=60))
    late = shop.add_clause(made, "到货后 30 天内付款", by=by, due_on=today - dt.timedelta(days=30))
    shop.judge_clause(made, kept, "kept", by=by)
    shop.judge_clause(made, late, "late", "晚了 6 天", by=by)

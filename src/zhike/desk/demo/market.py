"""The market the demo shop draws from, and the rules by which its leads are qualified."""

from collections.abc import Mapping

from zhike.clean.actions import funnel_rules
from zhike.desk.demo.staff_work import AWAY, GIVERS, REGULARS, WILLING
from zhike.secure import queries as secure

# name, who, needs, demand of a year, rivals, our position, what we offer, the segment of customers that stands for it
_UNIT = "万元/年"
_PARTS = (
    ("日常口粮茶", "三十岁以上、每天喝茶的人，江浙沪为主。", "味道稳定，不贵，次日到。", "8600",
     "超市散茶、直播间", "茶比散茶好，价比名品低；运得慢是短处。", "一斤装口粮茶，按季自动补货。", REGULARS),
    ("企业礼品采购", "五十人以上的公司，行政或工会经办。", "年节前交齐，能开专票，盒面印字。", "5200",
     "礼品公司、大牌直营", "懂茶，起订量小；账期不如礼品公司。", "六十盒起印字，提前三周排产。", GIVERS),
    ("茶室与餐馆", "独立茶室、私房菜馆的店主。", "常年供货，口味一致，坏了能补。", "3100",
     "批发市场", "器物齐全，能配整套；批价略高。", "茶与器配套，半年一签。", ""),
    ("收藏与茶器爱好者", "玩紫砂和盖碗的人，多从别人口中来。", "看得见做工，来历清楚。", "900",
     "作者工作室、拍卖", "品类多，缺名家作品。", "每月一批手作，先给老客户看。", ""),
)  # fmt: skip
_RULES = (
    ("想买也买得起的，列为目标客户", WILLING, "potential", "target"),
    ("一年没下单的，列为旧客户", AWAY, "current", "former"),
)


def part_the_market(staff: Mapping[str, int], segments: Mapping[str, str]) -> int:
    """The supervisor wrote the market sheet; returns how many lines. `segments`: name → public id."""
    if "supervisor" not in staff:
        return 0
    by = secure.viewer_of_staff(staff["supervisor"])
    for name, who, needs, demand, rivals, position, offer, segment in _PARTS:
        line = {"name": name, "who": who, "needs": needs, "demand": demand, "demand_unit": _UNIT, "rivals": rivals}
        more = {"position": position, "offer": offer, "segment": segments.get(segment, "")}
        funnel_rules.keep_market_segment(line | more, by=by)
    return len(_PARTS)


def qualify(staff: Mapping[str, int], segments: Mapping[str, str]) -> int:
    """The operator made rules that propose who belongs at another stage; nobody is moved by them. Returns how many."""
    if "operator" not in staff:
        return 0
    by = secure.viewer_of_staff(staff["operator"])
    for name, segment, before, after in _RULES:
        rule = {"name": name, "segment": segments[segment], "from_stage": before, "to_stage": after, "mode": "propose"}
        funnel_rules.keep_rule(rule, by=by)
    return len(_RULES)

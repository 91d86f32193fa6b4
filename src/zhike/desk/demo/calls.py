"""What the keeper of the demo shop asked customers: values found right and wrong, and records of the field called again."""

import contextlib
from collections.abc import Mapping
from random import Random

from zhike.clean.actions import truth, verification
from zhike.clean.queries import truth as drawn
from zhike.customers import actions as customers
from zhike.customers import queries as customer_queries
from zhike.customers.records import RegisterFilter, Selection
from zhike.desk.demo.staff_work import some
from zhike.kit import clock
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_WAYS = ("call", "call", "call", "visit")
_VISITED = (
    {"occupation": "茶馆老板", "need": "口粮茶，每月两斤", "interests": "收藏紫砂"},
    {"occupation": "中学教师", "need": "送礼的明前龙井", "interests": "书法"},
    {"occupation": "公司行政", "need": "年节礼盒", "interests": "徒步"},
    {"occupation": "设计师", "need": "冷泡茶", "interests": "摄影"},
)
_RULES = (
    verification.Rule(who="recent", field="phone", net_min_cents=200_000, last_days=365, most=24, due_days=7),
    verification.Rule(who="old", field="address_detail", older_days=540, most=16, due_days=14),
)
_OUTCOMES = ("true", "true", "differs", "true", "not_reached", "true")


def ask_some(staff: Mapping[str, int], seed: int, *, by: Viewer) -> int:
    """The keeper asked some regular customers about their telephones; most were right. Returns how many."""
    keeper, chance = _viewer(staff, "keeper", by), Random(seed)
    asked = 0
    for customer_id in some(by, RegisterFilter(orders_min=3, has_phone=True), 40):
        values, _mark = customer_queries.checked_values(keeper, customer_id, "phone")
        if not values:
            continue
        found = {v.version_id: place == 0 and chance.random() < 0.9 for place, v in enumerate(values)}
        customers.verify_value(customer_id, "phone", found, by=keeper, way=chance.choice(_WAYS))
        asked += 1
    return asked


def visit_some(staff: Mapping[str, int], *, by: Viewer) -> int:
    """The account manager visited customers; a share is drawn, and the keeper called most of them. Returns how many were drawn."""
    if "account_manager" not in staff:
        return 0
    manager, keeper = _viewer(staff, "account_manager", by), _viewer(staff, "keeper", by)
    for place, customer_id in enumerate(some(manager, RegisterFilter(net_min_cents=200_000), 16)):
        customers.edit_fields(customer_id, _VISITED[place % len(_VISITED)], by=manager)
    count = truth.draw(clock.now(), now=True, tell=lambda done, of: None)["drawn"]
    for check, outcome in zip(drawn.open_checks(staff["account_manager"]), _OUTCOMES, strict=False):
        names = [name for name, _version in check.asked][-1:] if outcome == "differs" else []
        truth.note_check(check.public_id, outcome, by=keeper, differing=names)
    return count


def ask_regularly(staff: Mapping[str, int]) -> int:
    """The keeper has rules whose values are asked about again, and it was drawn from them; returns how many tasks."""
    if "keeper" not in staff:
        return 0
    keeper = secure.viewer_of_staff(staff["keeper"])
    for rule in _RULES:
        # The house has one of the sort: whoever made it, it does the same.
        with contextlib.suppress(verification.RuleRefused):
            verification.set_rule(rule, by=keeper)
    # The look after each import comes to all files in time; those somebody cares for are looked at now, before anything is drawn.
    cared_for = RegisterFilter(owner_ids=tuple(staff[role] for role in ("account_manager", "agent") if role in staff))
    for chunk in customer_queries.selected_ids(keeper, Selection(matching=cared_for)):
        verification.open_contradictions(list(chunk))
    return verification.draw()["new"]


def _viewer(staff: Mapping[str, int], role: str, by: Viewer) -> Viewer:
    return secure.viewer_of_staff(staff[role]) if role in staff else by

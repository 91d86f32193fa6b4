"""Segments by what is stated of customers: every field of codes, numbers and days, the merchant's own among them."""

import datetime as dt
from typing import Any

import pytest

from tests.analyze.test_segments import _own_home, make, members_of  # noqa: F401  (the fixture of these stories)
from zhike.analyze.segments import reasons
from zhike.customers import actions as customers
from zhike.customers.queries import segments as asked
from zhike.secure import custom_fields, fields
from zhike.secure.custom_fields import Definition
from zhike.secure.records import LOCAL_OPERATOR, Rights, Viewer

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
TOLD: tuple[dict[str, str], ...] = (
    {"education_level": "本科", "custom.size": "42.5", "custom.tea": "绿茶、红茶", "custom.since": "2025-03-01"},
    {"education_level": "硕士", "custom.size": "39", "custom.tea": "红茶"},
    {"custom.size": "-7", "custom.since": "2026-06-29"},
    {},
)
RULES: tuple[tuple[dict[str, Any], list[int]], ...] = (
    ({"on": "education_level", "is": "any_of", "value": ["bachelor", "master"]}, [0, 1]),
    ({"on": "education_level", "is": "none_of", "value": ["bachelor"]}, [1, 2, 3]),
    ({"on": "education_level", "is": "unknown"}, [2, 3]),
    ({"on": "custom.size", "is": "at_least", "value": 39}, [0, 1]),
    ({"on": "custom.size", "is": "between", "value": [-10, 0]}, [2]),
    ({"on": "custom.size", "is": "known"}, [0, 1, 2]),
    ({"on": "custom.tea", "is": "any_of", "value": ["green"]}, [0]),
    ({"on": "custom.tea", "is": "all_of", "value": ["green", "black"]}, [0]),
    ({"on": "custom.tea", "is": "none_of", "value": ["green"]}, [1, 2, 3]),
    ({"on": "custom.since", "is": "within", "value": {"last_days": 30}}, [2]),
)


@pytest.fixture
def people() -> list[int]:
    tea = (("green", "绿茶", "Green"), ("black", "红茶", "Black"))
    for code, wanted in (
        ("size", Definition(name_zh="鞋码", name_en="Size", kind="number")),
        ("tea", Definition(name_zh="茶", name_en="Tea", kind="many", choices=tea)),
        ("since", Definition(name_zh="自", name_en="Since", kind="date")),
    ):
        custom_fields.define(code, wanted, by=LOCAL_OPERATOR)
    found = [customers.add_customer("person", {"name": f"客户{n}"}, by=LOCAL_OPERATOR) for n in range(len(TOLD))]
    for one, told in zip(found, TOLD, strict=True):
        for name, text in told.items():
            customers.edit_field(one, name, text, by=LOCAL_OPERATOR)
    yield found  # type: ignore[misc]
    custom_fields.CustomField.objects.all().update(archived_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    fields.refresh()


def test_the_lake_and_the_live_rows_agree_on_every_field(people: list[int]) -> None:
    for number, (rule, wanted) in enumerate(RULES):
        public_id = make(f"rule {number}", {"version": 1, "rule": rule})
        assert members_of(public_id) == [people[n] for n in wanted], rule
        facts = asked.segment(LOCAL_OPERATOR, public_id)
        assert facts is not None
        told = [reasons.explain(LOCAL_OPERATOR, facts, one, compile_now=True) for one in people]
        assert [n for n, why in enumerate(told) if why is not None and why.is_member] == wanted, rule


def test_nobody_is_offered_a_field_they_may_not_see(people: list[int]) -> None:
    rules = {"class:internal": Rights("shown"), "class:personal": Rights("masked"), "custom.tea": Rights()}
    viewer = Viewer(1, "Lin", scope="all", rules=rules)
    offered = {f.code for f in asked.facets(viewer)}
    assert "custom.size" in offered
    assert not {"custom.tea", "education_level", "finance_state", "children_ages"} & offered

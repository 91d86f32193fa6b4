"""The demo shop on the day it is made: enough of everything that each page has something to show."""

from typing import Any

import pytest

from tests.desk.demo.test_demo_shop import everything
from tests.desk.ground import lay_ground
from zhike.analyze.parameters import PARTS
from zhike.clean.queries import duplicates as pairs
from zhike.clean.queries import quality as measured
from zhike.customers import queries as customers
from zhike.customers.actions import STAGES
from zhike.customers.records import RegisterFilter
from zhike.desk.demo import staff_work
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.work import queries as work

pytestmark = [
    pytest.mark.both_databases,
    pytest.mark.long_on_postgresql,
    pytest.mark.django_db(databases=["default", "keyring"]),
]


@pytest.fixture(scope="module", autouse=True)
def _shop(lasting_ground: None) -> Any:
    """Made once: nothing here changes it."""
    lay_ground()
    everything(900, analysis=PARTS)


def test_each_list_of_the_day_has_entries_on_the_day_of_the_demo():
    assert all(work.open_counts(BY, staff_work.LISTS).get(kind, 0) > 0 for kind in staff_work.LISTS)


def test_customers_met_twice_are_proposed_for_review_each_with_its_own_error():
    found = list(pairs.queue(BY, limit=200).pairs)
    levels = {(code, level) for pair in found for code, level, _weight in pair.parts}
    assert {
        ("phone", "one_digit"),
        ("name", "order"),
        ("name", "exact"),
        ("address", "detail"),
        ("phone", "exact"),
    } <= levels, levels
    assert len(found) >= 10
    assert measured.latest() is not None
    stages = {stage: customers.register(BY, RegisterFilter(stage=stage), limit=200).rows for stage in STAGES}
    assert all(stages.values()), {stage: len(rows) for stage, rows in stages.items()}
    assert {row.purchase_class for row in stages["target"]} >= {"a", "b", "c"}

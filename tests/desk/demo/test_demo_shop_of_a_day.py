"""The demo shop on the day it is made: enough of everything that each page has something to show."""

from typing import Any

import pytest

from tests.desk.demo.test_demo_shop import everything
from tests.desk.ground import lay_ground
from zhike.analyze.parameters import PARTS
from zhike.clean.actions import verification
from zhike.clean.queries import duplicates as pairs
from zhike.clean.queries import funnel
from zhike.clean.queries import quality as measured
from zhike.clean.queries import verification as to_verify
from zhike.customers import queries as customers
from zhike.customers.actions import STAGES
from zhike.customers.records import RegisterFilter
from zhike.desk.demo import staff_work
from zhike.reach.queries import templates
from zhike.secure import queries as secure
from zhike.secure.actions import practice_staff
from zhike.secure.records import LOCAL_OPERATOR as BY
from zhike.secure.records import Viewer
from zhike.work import queries as work
from zhike.work.records import TaskFilter

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


def member(role: str) -> Viewer:
    """Who works in the demo shop under a role."""
    staff = [secure.viewer_of_staff(staff_id) for staff_id in practice_staff(by=BY)]
    return next(one for one in staff if role in one.role_codes)


def test_each_list_of_the_day_has_entries_on_the_day_of_the_demo():
    assert all(work.open_counts(BY, staff_work.LISTS).get(kind, 0) > 0 for kind in staff_work.LISTS)


def test_its_letters_market_sheet_and_rules_of_the_funnel_are_there_in_both_languages_and_find_somebody() -> None:
    operator = member("operator")
    letters = templates(operator)
    assert {t.purpose for t in letters} == {"service", "marketing_mail"}
    assert all(set(t.texts) == {"zh-hans", "en"} for t in letters)
    assert len(funnel.market_segments()) >= 4 and any(line.segment for line in funnel.market_segments())
    assert {rule.mode for rule in funnel.rules()} == {"propose"}
    assert {rule.segment for rule in funnel.rules()} <= set(funnel.segment_names(operator))
    (run,) = funnel.runs()
    moves = {(found.from_stage, found.to_stage) for found in funnel.finds(operator, run.id, limit=500).entries}
    assert moves == {("potential", "target"), ("current", "former")}


def test_its_account_manager_has_values_to_verify_and_sources_that_disagree_among_their_own_customers() -> None:
    manager = member("account_manager")
    counts = work.open_counts(manager, verification.KINDS)
    assert counts.get("verify_value", 0) >= 3 and counts.get("contradiction", 0) >= 1, counts
    asked = work.tasks(manager, TaskFilter("mine", "verify_value")).tasks
    assert {task.owner_staff_id for task in asked} == {manager.staff_id}
    assert to_verify.next_task(manager) is not None


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

"""Count now: a warm child of the worker answers whoever builds a segment, within the customers they may see."""

import shutil

import pytest

from tests.analyze.shop_rows import Shop
from tests.analyze.test_segments import CITY, viewer
from zhike.analyze import snapshot
from zhike.analyze.segments import counting
from zhike.customers.queries import segments as asked
from zhike.kit import jobs
from zhike.kit.installation import set_up

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _no_lake():
    """The child finds the run's own data folder by itself, so the lake lies there."""
    shutil.rmtree(snapshot.lake_folder())
    set_up(name="Shop", time_zone="Asia/Shanghai", currency="CNY")
    yield
    shutil.rmtree(snapshot.lake_folder())


def test_a_rule_is_counted_while_it_is_being_built():
    shop = Shop()
    shop.customers(3, city="宁波", owner=7)
    shop.customers(2, city="宁波", owner=8)
    seller, everybody = viewer(7, "segments.edit", scope="own"), viewer(9, "segments.edit")
    number = counting.ask(asked.read_rule(CITY), by=seller)
    assert counting.answer_to(seller, number) is None
    jobs.run_pending()
    told = counting.answer_to(seller, number)
    assert (told["members"], told["base"]) == (3, 3)
    number = counting.ask(asked.read_rule(CITY), by=everybody)
    jobs.run_pending()
    assert counting.answer_to(everybody, number)["members"] == 5
    assert counting.answer_to(seller, 1)["members"] == 3
    shop.customers(1, city="宁波")
    jobs.run_pending()
    number = counting.ask(asked.read_rule(CITY), by=everybody, is_fresh=True)
    jobs.run_pending()
    assert counting.answer_to(everybody, number)["members"] == 6


def test_only_the_newest_question_of_a_person_is_answered():
    Shop().customers(2)
    asker = viewer(7, "segments.edit")
    first = counting.ask(asked.read_rule(CITY), by=asker)
    second = counting.ask(asked.read_rule({"version": 1, "rule": {"none": [CITY["rule"]]}}), by=asker)
    assert jobs.run_pending() == 1
    assert counting.answer_to(asker, first) == counting.answer_to(asker, second)
    assert counting.answer_to(asker, second)["members"] == 2

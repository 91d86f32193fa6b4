import datetime as dt

import pytest

from zhike.kit import clock
from zhike.kit.models import Job
from zhike.kit.paging import BadPageKey, Column, page_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

SORTS = {
    "ended": (Column("finished_at", descending=True, nullable=True), Column("id", descending=True)),
    "name": (Column("name"), Column("id")),
}


@pytest.fixture
def jobs():
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for number in range(23):
        ended = None if number % 4 == 0 else start + dt.timedelta(days=number % 5)
        Job.objects.create(name=f"n{number % 3}", enqueued_at=clock.now(), run_after=clock.now(), finished_at=ended)


def walk(sort: str) -> tuple[list[int], list[int]]:
    """Ids met walking to the end and back again."""
    page = page_of(Job.objects.all(), sorts=SORTS, sort=sort, size=5)
    there = [job.id for job in page.items]
    while page.next_key:
        page = page_of(Job.objects.all(), sorts=SORTS, sort=sort, size=5, after=page.next_key)
        there += [job.id for job in page.items]
    back = [job.id for job in page.items]
    while page.previous_key:
        page = page_of(Job.objects.all(), sorts=SORTS, sort=sort, size=5, before=page.previous_key)
        back = [job.id for job in page.items] + back
    return there, back


@pytest.mark.parametrize("sort", SORTS)
def test_walking_there_and_back_meets_every_row_once_and_in_order(jobs, sort):
    there, back = walk(sort)
    assert len(there) == len(set(there)) == 23
    assert there == back


def test_rows_without_a_value_stand_last(jobs):
    there, _ = walk("ended")
    ended = [Job.objects.get(id=i).finished_at for i in there]
    assert [e is None for e in ended] == [False] * 17 + [True] * 6


@pytest.mark.parametrize("key", ["nonsense", "a:b:c", "eyJ9:1:x"])
def test_a_forged_key_is_refused_with_a_clear_error(key):
    with pytest.raises(BadPageKey):
        page_of(Job.objects.all(), sorts=SORTS, sort="name", after=key)


def test_a_key_of_one_order_does_not_open_another(jobs):
    key = page_of(Job.objects.all(), sorts=SORTS, sort="name", size=5).next_key
    with pytest.raises(BadPageKey):
        page_of(Job.objects.all(), sorts=SORTS, sort="ended", after=key)
    with pytest.raises(LookupError):
        page_of(Job.objects.all(), sorts=SORTS, sort="password", after=key)

"""Stories of acts on many customers: taken back exactly, gone on with after a kill, bounded at any size."""

import datetime as dt
import os
import subprocess
import sys

import pytest
from django.db import connections

from tests.cast import hire
from tests.desk import ground
from tests.desk.ground import Person
from zhike.customers.models import CustomerCard, CustomerTag, SourceVersion, Tag
from zhike.desk import actions
from zhike.desk.actions import bulk
from zhike.desk.models import BulkAct, BulkChange
from zhike.kit import clock, jobs
from zhike.secure import queries as secure

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
PEOPLE = 23


@pytest.fixture
def people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Some customers in two cities, with owners and stages as they come; acts take five at a time."""
    ground.lay_ground()
    monkeypatch.setattr(bulk, "CHUNK", 5)
    cities = ("杭州市", "上海市")
    ids = ground.record(
        ground.source(), *(Person(f"c{i}", {"name": f"客{i}", "city": cities[i % 2]}) for i in range(PEOPLE))
    )
    stages = ("potential", "current", "former")
    for n, customer_id in enumerate(ids):
        CustomerCard.objects.filter(customer_id=customer_id).update(
            stage=stages[n % 3], owner_staff_id=[None, 7, 8][n % 3]
        )
    return ids


@pytest.fixture
def boss(people: list[int]):
    return secure.viewer_of(hire("owner"))


def state() -> list[tuple[object, ...]]:
    """Everything an act may change, as it stands."""
    cards = CustomerCard.objects.order_by("customer_id").values_list(
        "customer_id", "stage", "owner_staff_id", "city", "values"
    )
    tags = CustomerTag.objects.order_by("tag_id", "customer_id").values_list(
        "tag_id", "customer_id", "by_staff_id", "at"
    )
    return [*((c, s, o, city, sorted(v.items())) for c, s, o, city, v in cards), *tags]


ACTS = [
    ("tag", {"tag": "老客"}),
    ("untag", {"tag": "会员"}),
    ("owner", {"owner_staff_id": None}),
    ("stage", {"value": "target"}),
    ("field", {"field": "city", "value": "宁波市"}),
    ("field", {"field": "language", "value": "zh"}),
    ("field", {"field": "city", "value": ""}),
]


def tagged_before(people: list[int]) -> None:
    """Some have tags already, put on by different people at different times."""
    Tag.objects.create(id=901, name="会员", created_at=clock.now())
    Tag.objects.create(id=902, name="老客", created_at=clock.now())
    at = dt.datetime(2025, 5, 1, tzinfo=dt.UTC)
    rows = [(901, c, n % 4, at + dt.timedelta(days=n)) for n, c in enumerate(people) if n % 3]
    rows += [(902, c, None, at) for c in people[:4]]
    CustomerTag.objects.bulk_create(
        CustomerTag(tag_id=t, customer_id=c, root_id=c, by_staff_id=b, at=a) for t, c, b, a in rows
    )


@pytest.mark.parametrize(("act", "given"), ACTS, ids=[f"{a}-{'-'.join(map(str, g.values()))}" for a, g in ACTS])
@pytest.mark.parametrize("query", [None, "city=杭州市"])
def test_an_undo_restores_exactly_what_was_before(people, boss, act, given, query) -> None:
    tagged_before(people)
    before = state()
    ids = people[:9] if query is None else ()
    made = actions.start_bulk(act, by=boss, ids=ids, query=query, **given)
    jobs.run_pending()
    made.refresh_from_db()
    assert made.state == "done" and made.changed_count > 0
    assert state() != before
    actions.undo_bulk(made.public_id, by=boss)
    jobs.run_pending()
    made.refresh_from_db()
    assert (made.state, made.kept_count) == ("undone", 0)
    assert state() == before


def test_what_somebody_changed_since_is_left_and_counted(people, boss) -> None:
    made = actions.start_bulk("stage", by=boss, ids=people[:6], value="target")
    CustomerCard.objects.filter(customer_id__in=people[:2]).update(stage="former")
    actions.undo_bulk(made.public_id, by=boss)
    jobs.run_pending()
    made.refresh_from_db()
    assert made.kept_count == 2
    assert set(CustomerCard.objects.filter(customer_id__in=people[:2]).values_list("stage", flat=True)) == {"former"}


def test_a_value_entered_since_stands_above_an_undo(people, boss) -> None:
    from zhike.customers import actions as customers

    made = actions.start_bulk("field", by=boss, ids=people[:3], field="city", value="宁波市")
    customers.edit_field(people[0], "city", "温州市", by=boss)
    actions.undo_bulk(made.public_id, by=boss)
    jobs.run_pending()
    cities = dict(CustomerCard.objects.values_list("customer_id", "city"))
    assert cities[people[0]] == "温州市" and "宁波市" not in cities.values()


def test_an_act_that_empties_its_own_filter_still_reaches_everybody(people, boss) -> None:
    wanted = CustomerCard.objects.filter(city="杭州市").count()
    made = actions.start_bulk("field", by=boss, query="city=杭州市", field="city", value="宁波市")
    jobs.run_pending()
    made.refresh_from_db()
    assert made.changed_count == wanted == CustomerCard.objects.filter(city="宁波市").count()


def test_names_and_sealed_fields_are_entered_file_by_file(people, boss) -> None:
    for field in ("name", "phone", "birth_date", "bogus"):
        with pytest.raises(actions.BulkRefused):
            actions.start_bulk("field", by=boss, ids=people[:2], field=field, value="x")
    with pytest.raises(actions.BulkRefused):
        actions.start_bulk("stage", by=boss, ids=people[:2], value="heaven")
    assert not BulkAct.objects.exists()


def worker(failpoint: str = "") -> int:
    """One process that runs what is queued; killed at the failpoint."""
    code = (
        "import django; django.setup()\nfrom zhike.desk.actions import bulk\nbulk.CHUNK = 5\n"
        "from zhike.kit import jobs\nfrom zhike.kit.jobs.registry import discover\ndiscover()\njobs.run_pending()"
    )
    process = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "ZHIKE_FAILPOINT": failpoint}, check=False
    )
    for connection in connections.all():
        connection.close()
    return process.returncode


@pytest.mark.long_on_postgresql
@pytest.mark.parametrize("nth", [1, 2])
def test_killed_in_the_middle_an_act_and_its_undo_go_on(people, boss, nth: int) -> None:
    from zhike.kit.models import Job

    def free() -> None:
        Job.objects.filter(state="running").update(lease_until=clock.now() - dt.timedelta(minutes=5))

    tagged_before(people)
    before = state()
    made = actions.start_bulk("untag", by=boss, query="", tag="会员")
    held = CustomerTag.objects.filter(tag_id=901).count()
    assert worker(f"desk.after_chunk:{nth}") != 0
    assert 0 < BulkChange.objects.count() < held
    free()
    assert worker() == 0
    made.refresh_from_db()
    assert (made.state, made.changed_count) == ("done", held)
    assert not CustomerTag.objects.filter(tag_id=901).exists()
    actions.undo_bulk(made.public_id, by=boss)
    assert worker(f"desk.after_chunk:{nth}") != 0
    free()
    assert worker() == 0
    made.refresh_from_db()
    assert (made.state, made.kept_count) == ("undone", 0)
    assert state() == before


def test_one_entry_a_customer_is_laid_and_taken_back_in_batches(people, boss) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for some in (people[:2], people[:20]):
        with CaptureQueriesContext(connection) as asked:
            made = actions.start_bulk("field", by=boss, ids=some, field="language", value=f"l{len(some)}")
        counts.append(len(asked) / (1 if len(some) < 5 else 4))  # twenty go in four chunks
        assert SourceVersion.objects.filter(by_staff_id=boss.staff_id).count() >= made.changed_count
    assert counts[1] <= counts[0] + 2


def test_an_act_given_up_half_way_is_taken_back_as_far_as_it_came(people, boss) -> None:
    before = state()
    made = actions.start_bulk("stage", by=boss, query="", value="target")
    with pytest.raises(actions.BulkRefused):
        actions.undo_bulk(made.public_id, by=boss)
    bulk.do_chunk(made, people[:5], boss)
    jobs.cancel(made.job_id)
    actions.undo_bulk(made.public_id, by=boss)
    jobs.run_pending()
    made.refresh_from_db()
    assert (made.state, made.changed_count) == ("undone", 5 - sum(1 for c in before[:5] if c[1] == "target"))
    assert state() == before

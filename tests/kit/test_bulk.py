import datetime as dt

import pytest
from django.db import IntegrityError

from zhike.kit import bulk, clock
from zhike.kit.models import IdBlock, Job

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

COLUMNS = [
    "id", "name", "lane", "state", "args", "enqueued_at", "run_after", "attempts", "leased_by", "wanted", "done_count",
    "note", "cursor", "error_code", "error_params", "error_trace",
]  # fmt: skip
AT = dt.datetime(2026, 11, 11, 12, 30, 0, 5, tzinfo=dt.UTC)


def job_rows(count: int, first: int = 1) -> list[tuple]:
    return [
        (i, "x", "default", "done", {"运费": [i, None]}, AT, AT, 0, "", "", 0, "", {}, "", {}, "")
        for i in range(first, first + count)
    ]


def test_rows_written_in_bulk_read_back_as_if_saved_one_by_one():
    assert bulk.insert_many("kit_job", COLUMNS, iter(job_rows(100))) == 100
    row = Job.objects.get(id=42)
    assert (row.args, row.enqueued_at) == ({"运费": [42, None]}, AT)
    assert Job.objects.filter(enqueued_at=AT).count() == 100
    assert Job.objects.filter(enqueued_at__lt=AT).count() == 0


def test_cells_made_plain_before_are_written_as_they_are():
    rows = [[bulk.as_stored(cell) for cell in row] for row in job_rows(60)]
    assert bulk.insert_many("kit_job", COLUMNS, iter(rows), plain=True) == 60
    row = Job.objects.get(id=42)
    assert (row.args, row.enqueued_at) == ({"运费": [42, None]}, AT)


@pytest.mark.parametrize("count", [5, 100])
def test_doubled_rows_are_left_out_when_asked_and_refused_otherwise(count):
    bulk.insert_many("kit_job", COLUMNS, job_rows(count))
    more = job_rows(count + 3)
    assert bulk.insert_many("kit_job", COLUMNS, more, on_conflict="ignore") == 3
    with pytest.raises(IntegrityError):
        bulk.insert_many("kit_job", COLUMNS, more)


@pytest.mark.parametrize("count", [5, 100])
def test_a_missing_value_is_an_error_even_where_conflicts_are_ignored(count):
    rows = [(f"s{i}", None) for i in range(count)]
    with pytest.raises(IntegrityError):
        bulk.insert_many("kit_id_block", ["space", "next_id"], rows, on_conflict="ignore")


@pytest.mark.parametrize("count", [5, 100])
def test_many_rows_are_changed_by_their_key(count):
    bulk.insert_many("kit_id_block", ["space", "next_id"], [(f"s{i}", i) for i in range(count)])
    assert bulk.update_many("kit_id_block", "space", ["next_id"], [(f"s{i}", i * 10) for i in range(count)]) == count
    assert IdBlock.objects.get(space="s4").next_id == 40


@pytest.mark.parametrize("count", [5, 100])
def test_many_rows_are_deleted_by_their_key_and_no_others(count):
    bulk.insert_many("kit_id_block", ["space", "next_id"], [(f"gone{i}", i) for i in range(count + 2)])
    assert bulk.delete_many("kit_id_block", ["space", "next_id"], [(f"gone{i}", i) for i in range(count)]) == count
    assert bulk.delete_many("kit_id_block", ["space", "next_id"], [("gone1", 1), (f"gone{count}", 1)]) == 0
    assert IdBlock.objects.filter(space__startswith="gone").count() == 2


def test_questions_about_thousands_of_ids_are_asked_in_chunks():
    bulk.insert_many("kit_id_block", ["space", "next_id"], [(f"s{i}", i) for i in range(2500)])
    sql = "SELECT space FROM kit_id_block WHERE next_id >= %s AND next_id IN {values}"
    found = {space for (space,) in bulk.fetch_in(sql, range(5000), params=[10])}
    assert found >= {f"s{i}" for i in range(10, 2500)}  # another test may hold a block of ids
    assert not found & {f"s{i}" for i in range(10)}


def test_a_moment_without_a_zone_is_refused_on_sqlite_and_kept_exact_otherwise():
    naive = clock.now().replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        bulk.insert_many("kit_schedule_mark", ["name", "last_due_at"], [("n", naive)])

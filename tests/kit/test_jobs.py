import datetime as dt

import pytest
from django.db import transaction

from zhike.kit import clock, jobs
from zhike.kit.jobs.lease import claim
from zhike.kit.jobs.run import JobRun
from zhike.kit.models import Job

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

ran: list[object] = []


@jobs.job("test.count", attempts=3)
def count(run: JobRun, *, upto: int = 3, stop_at: int | None = None, secret: str = "") -> dict:
    ran.append(run.id)
    for number in range(run.cursor.get("next", 0), upto):
        run._checked = 0.0
        run.check()
        if number == stop_at and not run.cursor.get("stopped"):
            run.save_cursor({"next": number, "stopped": True})
            raise ValueError(f"stumbled over {secret}")
        run.save_cursor({**run.cursor, "next": number + 1})
        run.progress(number + 1, upto, "counting")
    return {"counted": upto}


@jobs.job("test.refuse")
def refuse(run: JobRun) -> None:
    jobs.fail("file_is_empty", rows=0)


@jobs.job("test.import", lane="import")
def import_nothing(run: JobRun) -> None:
    ran.append(run.id)


@pytest.fixture(autouse=True)
def _nothing_ran_yet():
    ran.clear()


def later(minutes: int) -> dt.datetime:
    return clock.now() + dt.timedelta(minutes=minutes)


def test_a_job_leaves_its_progress_and_its_result():
    job_id = jobs.enqueue("test.count", upto=4)
    assert jobs.run_pending() == 1
    job = Job.objects.get(id=job_id)
    assert (job.state, job.result, job.done_count, job.total_count) == ("done", {"counted": 4}, 4, 4)


def test_a_job_that_stumbled_goes_on_from_its_cursor_after_a_pause():
    job_id = jobs.enqueue("test.count", upto=4, stop_at=2, secret="13800138000")
    with pytest.raises(ValueError, match="stumbled"):
        jobs.run_pending()
    job = Job.objects.get(id=job_id)
    assert (job.state, job.cursor["next"], job.error_code) == ("queued", 2, "job_unexpected")
    assert "13800138000" not in job.error_trace + str(job.error_params)
    assert "test_jobs.py" in job.error_trace
    assert jobs.run_pending() == 0
    with clock.freeze(later(1)):
        assert jobs.run_pending() == 1
    assert Job.objects.get(id=job_id).state == "done"


def test_a_refusal_with_a_code_is_final_and_can_be_retried_by_hand():
    job_id = jobs.enqueue("test.refuse")
    jobs.run_pending(reraise=False)
    job = Job.objects.get(id=job_id)
    assert (job.state, job.error_code, job.error_params) == ("failed", "file_is_empty", {"rows": 0})
    assert jobs.retry(job_id)
    assert Job.objects.get(id=job_id).state == "queued"


def test_a_job_asked_for_twice_is_queued_once():
    first = jobs.enqueue("test.count", unique_key="count:7")
    assert jobs.enqueue("test.count", unique_key="count:7") == first
    assert jobs.run_pending() == 1
    assert jobs.enqueue("test.count", unique_key="count:7") != first


def test_a_job_asked_for_again_while_it_runs_waits_for_its_turn():
    jobs.enqueue("test.count", unique_key="count:7")
    running = claim("default", "me:1:x")
    again = jobs.enqueue("test.count", unique_key="count:7")
    assert again != running.id
    assert claim("default", "me:1:y") is None
    JobRun(running).end(Job.DONE)
    assert claim("default", "me:1:z").id == again


def test_an_expired_lease_is_taken_over_and_the_old_holder_can_write_nothing():
    job_id = jobs.enqueue("test.count")
    old = JobRun(claim("default", "old:1:x"))
    assert claim("default", "new:1:x") is None
    with clock.freeze(later(2)):
        new = claim("default", "new:1:x")
        assert (new.id, new.attempts) == (job_id, 2)
        with pytest.raises(jobs.LeaseLost), transaction.atomic():
            old.save_cursor({"next": 1})
    assert Job.objects.get(id=job_id).cursor == {}


def test_only_one_import_runs_at_a_time():
    jobs.enqueue("test.import")
    jobs.enqueue("test.import")
    first = claim("import", "a:1:x")
    assert claim("import", "b:1:x") is None
    JobRun(first).end(Job.DONE)
    assert claim("import", "b:1:x") is not None


def test_a_paused_job_stops_at_its_next_check_and_resumes_where_it_was():
    job_id = jobs.enqueue("test.count", upto=2)
    job = claim("default", "me:1:x")
    JobRun(job).save_cursor({"next": 1})
    assert jobs.pause(job_id)
    from zhike.kit.jobs.runner import run_claimed

    job.refresh_from_db()
    run_claimed(job)
    job.refresh_from_db()
    assert (job.state, job.cursor) == ("paused", {"next": 1})
    assert jobs.resume(job_id)
    jobs.run_pending()
    assert Job.objects.get(id=job_id).state == "done"


def test_a_cancelled_job_never_runs():
    job_id = jobs.enqueue("test.count")
    assert jobs.cancel(job_id)
    assert not jobs.cancel(job_id)
    assert jobs.run_pending() == 0
    assert not jobs.resume(job_id)


def test_a_job_that_keeps_dying_is_given_up():
    job_id = jobs.enqueue("test.count")
    for minute in range(0, 12, 2):
        with clock.freeze(later(minute)):
            claim("default", f"old:{minute}:x")
    with clock.freeze(later(20)), pytest.raises(jobs.JobFailed):
        jobs.run_pending()
    assert Job.objects.get(id=job_id).error_code == "job_gave_up"

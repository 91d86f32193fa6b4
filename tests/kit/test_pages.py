"""Health for machines, jobs for people."""

import json

import pytest

from zhike.kit import clock, jobs
from zhike.kit.models import Job, ScheduleMark
from zhike.kit.signs import WORKER_ALIVE

pytestmark = pytest.mark.django_db


@jobs.job("test.page")
def work(run: jobs.JobRun) -> None:
    """Nothing: only its row is looked at."""


def test_health_answers_anybody_and_reveals_nothing(client):
    answer = client.get("/health/")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"ok": True})


def test_readiness_names_what_fails_and_nothing_more(client):
    answer = client.get("/health/ready/")
    told = json.loads(answer.content)
    assert answer.status_code == 503
    assert told["checks"]["worker"] == "failing"
    assert set(told["checks"].values()) <= {"ok", "failing"}
    ScheduleMark.objects.create(name=WORKER_ALIVE, last_due_at=clock.now())
    assert json.loads(client.get("/health/ready/").content)["checks"]["worker"] == "ok"


def test_the_jobs_page_shows_progress_and_the_error_in_words(as_operator):
    job_id = jobs.enqueue("test.page")
    Job.objects.filter(id=job_id).update(state="failed", error_code="job_gave_up", error_params={"attempts": 5})
    Job.objects.create(
        name="kit.sweep", state="running", enqueued_at=clock.now(), run_after=clock.now(), started_at=clock.after(-60),
        done_count=1200, total_count=2400, lane="default",
    )  # fmt: skip
    page = as_operator.get("/jobs/", headers={"accept-language": "en"}).content.decode()
    assert "given up" in page or "已放弃" in page
    assert "1,200" in page
    assert "error_trace" not in page


def test_a_job_is_paused_and_resumed_by_those_who_may(as_operator, as_agent):
    job_id = jobs.enqueue("test.page")
    assert as_agent.post(f"/jobs/{job_id}/pause/").status_code == 403
    assert as_operator.get(f"/jobs/{job_id}/pause/").status_code == 405
    assert as_operator.post(f"/jobs/{job_id}/pause/").status_code == 302
    assert Job.objects.get(id=job_id).state == "paused"
    as_operator.post(f"/jobs/{job_id}/resume/")
    assert Job.objects.get(id=job_id).state == "queued"
    assert as_operator.post(f"/jobs/{job_id}/explode/").status_code == 404
    assert as_operator.post("/jobs/999999/pause/").status_code == 404


def test_the_top_bar_shows_running_jobs_only_to_those_who_may_see_them(as_operator, as_agent):
    Job.objects.create(
        name="kit.sweep", state="running", enqueued_at=clock.now(), run_after=clock.now(), lane="default"
    )
    assert "/jobs/" in as_operator.get("/jobs/running/").content.decode()
    assert as_agent.get("/jobs/running/").content.strip() == b""


def test_a_running_job_tells_its_progress_until_it_ends(as_operator):
    job = Job.objects.create(
        name="kit.sweep",
        state="running",
        enqueued_at=clock.now(),
        run_after=clock.now(),
        lane="default",
        done_count=5,
        total_count=10,
    )
    assert "every 1s" in as_operator.get(f"/jobs/{job.id}/progress/").content.decode()
    Job.objects.update(state="done")
    assert as_operator.get(f"/jobs/{job.id}/progress/")["HX-Refresh"] == "true"


def test_looking_at_jobs_costs_few_questions_however_many_there_are(as_operator, django_assert_max_num_queries):
    Job.objects.bulk_create(
        Job(name="kit.sweep", state="done", enqueued_at=clock.now(), run_after=clock.now(), lane="default")
        for _ in range(120)
    )
    with django_assert_max_num_queries(14):
        page = as_operator.get("/jobs/").content.decode()
    assert page.count('id="job-') == 50

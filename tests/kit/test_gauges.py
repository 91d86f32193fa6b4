"""What Prometheus may read: figures of both processes from one page, by codes, never of a person, and not for everybody."""

import datetime as dt
import re

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from tests.cast import hire
from zhike.kit import clock, gauges
from zhike.kit.jobs import enqueue
from zhike.kit.models import Job, ScheduleMark
from zhike.kit.signs import WORKER_ALIVE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CODE = re.compile(r"[a-zA-Z0-9_.:+-]{0,60}$")


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch):
    monkeypatch.delenv("ZHIKE_METRICS_TOKEN", raising=False)
    gauges.declared.forget()


def figures(client: Client | None = None, **headers) -> dict[str, dict[tuple[str, ...], float]]:
    answer = (client or Client()).get("/metrics", headers=headers)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/plain; version=")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_the_page_tells_of_the_worker_the_queue_the_audit_the_backups_and_the_lake():
    now = clock.now()
    ScheduleMark.objects.create(name=WORKER_ALIVE, last_due_at=now - dt.timedelta(seconds=30))
    late = enqueue("kit.sweep")
    Job.objects.filter(id=late).update(run_after=now - dt.timedelta(minutes=5))
    enqueue("analyze.nightly", run_after=now + dt.timedelta(hours=1))
    told = figures()
    assert told["zhike_jobs"][("default", "queued")] + told["zhike_jobs"].get(("analysis", "queued"), 0) == 2
    assert told["zhike_jobs_due"][("default",)] == 1 and told["zhike_jobs_due"][("import",)] == 0
    assert 300 <= told["zhike_job_wait_seconds"][("default",)] < 330
    assert 30 <= told["zhike_worker_silent_seconds"][()] < 60
    assert told["zhike_database_bytes"][("data",)] > 100_000 and told["zhike_database_bytes"][("keyring",)] > 0
    assert told["zhike_import_rows_per_second"][()] == 0 and told["zhike_import_rows_total"][()] == 0
    assert told["zhike_audited_last_hour"][("sign_in_failed",)] == 0
    assert "zhike_gauge_failed" not in told, "every gauge must be readable in an empty installation"


def test_a_failed_sign_in_is_counted_and_nobody_is_named():
    boss = hire("owner")
    Client().post("/account/login/", {"login": boss.email, "password": "wrong-by-far"})
    answer = Client().get("/metrics").content.decode()
    assert 'zhike_audited_last_hour{act="sign_in_failed"} 1.0' in answer
    assert boss.email not in answer and boss.display_name not in answer


def test_requests_are_measured_by_the_name_of_their_route_never_by_their_address():
    Client().get("/customers/never-existed-4711/?q=13812345678")
    Client().get("/nowhere/13812345678/")
    Client().generic("BREW", "/health/")
    answer = Client().get("/metrics").content.decode()
    assert 'zhike_request_seconds_count{method="GET",route="none",status="4xx"}' in answer
    assert 'method="other",route="kit:health",status="4xx"' in answer
    assert "13812345678" not in answer and "never-existed" not in answer


def test_labels_are_codes_and_the_number_of_series_is_bounded():
    found = figures()
    own = {name: series for name, series in found.items() if not name.startswith("zhike_request_seconds")}
    loose = [(name, labels) for name, series in own.items() for labels in series if not all(map(CODE.match, labels))]
    assert loose == []
    assert sum(map(len, own.values())) < 300


def test_a_gauge_that_breaks_is_named_and_hides_no_other(monkeypatch):
    def broken() -> float:
        raise OSError("13812345678")

    monkeypatch.setitem(gauges._gauges, "zhike_broken", gauges.Gauge("zhike_broken", "", (), broken))
    told = figures()
    assert told["zhike_gauge_failed"] == {("zhike_broken",): 1.0} and "zhike_disk_free_bytes" in told


def test_without_a_token_only_this_machine_may_read_and_nobody_through_a_proxy():
    assert Client().get("/metrics").status_code == 200
    assert Client(REMOTE_ADDR="10.0.0.7").get("/metrics").status_code == 403
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert Client().get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


def test_with_a_token_whoever_shows_it_may_read_from_anywhere(monkeypatch):
    monkeypatch.setenv("ZHIKE_METRICS_TOKEN", "a-long-token-of-the-watch")
    assert Client().get("/metrics").status_code == 403, "being local is not enough then"
    far = Client(REMOTE_ADDR="10.0.0.7")
    assert far.get("/metrics", headers={"Authorization": "Bearer a-long-token-of-the-watc"}).status_code == 403
    assert figures(far, Authorization="Bearer a-long-token-of-the-watch")["zhike_disk_free_bytes"]

"""A search for duplicates killed at its worst moments, and at random ones, finds the same pairs afterwards and leaves no value behind."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connections

from tests import at_rest
from tests.clean.test_leaks import CANARIES, canaries
from zhike.clean.models import CandidatePair, MatchRun
from zhike.customers.models import Merge
from zhike.kit import jobs
from zhike.kit.home import home
from zhike.kit.models import Job

__all__ = ["canaries"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.timeout(900)]
SEARCH = "import django; django.setup(); from zhike.kit import jobs; jobs.run_pending()"
POINTS = ("clean.pairs_weighed", "clean.inside_pairs", "clean.after_pairs", "clean.pairs_kept")
KILLS = int(os.environ.get("ZHIKE_PROVE_KILLS", "2"))


def pairs():
    """What a search proposes, without the ids that chance gives."""
    rows = CandidatePair.objects.order_by("low_id", "high_id")
    return [(p.low_id, p.high_id, round(p.weight, 6), p.state) for p in rows]


def start(folder: Path, failpoint: str = "") -> subprocess.Popen[bytes]:
    """A process that takes up the search that waits."""
    jobs.enqueue("clean.find_duplicates", learn=False)
    environment = {
        **os.environ,
        "ZHIKE_FAILPOINT": failpoint,
        "TMPDIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "zhike.config.settings",
    }
    return subprocess.Popen([sys.executable, "-c", SEARCH], env=environment, cwd=folder)


def gone_on() -> None:
    """The lease of who died runs out, and the next worker goes on."""
    for connection in connections.all():
        connection.close()
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Job.objects.filter(state=Job.RUNNING).update(lease_until=long_ago)
    jobs.run_pending()


def nothing_in_clear(folder: Path, before: set[Path]) -> list[str]:
    """Canaries in whatever lies on disk since: temporary files of the search, and new files of the house."""
    held = [*at_rest.held(folder), *((file, content) for file, content in at_rest.held(home()) if file not in before)]
    texts = [content.decode("utf-8", errors="ignore") for _, content in held]
    return [canary for canary in CANARIES if any(canary in text for text in texts)]


@pytest.mark.long_on_postgresql
def test_a_search_killed_at_each_failpoint_ends_as_if_nothing_had_happened(canaries, tmp_path):
    before = {file for file in home().rglob("*") if file.is_file()}
    jobs.enqueue("clean.find_duplicates", learn=False)
    jobs.run_pending()
    wanted = pairs()
    assert wanted
    for failpoint in POINTS:
        CandidatePair.objects.all().delete()
        assert start(tmp_path, failpoint).wait(timeout=400) == -signal.SIGKILL, failpoint
        assert nothing_in_clear(tmp_path, before) == []
        half = pairs()
        assert half in ([], wanted), failpoint  # a slice stands whole or not at all
        gone_on()
        assert pairs() == wanted, failpoint
    assert set(MatchRun.objects.values_list("state", flat=True)) == {MatchRun.DONE}
    assert Merge.objects.count() == 0


@pytest.mark.long_on_postgresql
def test_a_search_killed_at_random_moments_ends_clean_and_leaves_no_value_on_disk(canaries, tmp_path):
    before = {file for file in home().rglob("*") if file.is_file()}
    began = time.monotonic()
    assert start(tmp_path).wait(timeout=400) == 0
    lasts, wanted = time.monotonic() - began, pairs()
    chance = random.Random(4)
    for _ in range(KILLS):
        CandidatePair.objects.all().delete()
        process = start(tmp_path)
        time.sleep(chance.uniform(0.3, 1.0) * lasts)
        process.kill()
        process.wait()
        assert nothing_in_clear(tmp_path, before) == []
        gone_on()
        assert pairs() == wanted


def test_a_search_whose_job_gave_up_does_not_stand_as_running_for_ever(canaries, search):
    left = MatchRun.objects.create(
        public_id="left", kind="full", job_id=10**9, started_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    )
    search()
    left.refresh_from_db()
    assert (left.state, left.error_code) == (MatchRun.FAILED, "stopped")

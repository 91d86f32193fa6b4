"""Killed around the call of the gateway: whatever the moment, a message is never handed over twice."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connections

from tests.reach.ground import agreed, news, open_house, person
from zhike.kit import clock, jobs
from zhike.kit.models import Job
from zhike.reach.models import Attempt
from zhike.secure.vault import roots

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"]), pytest.mark.both_databases]
_WORK = "from zhike.cli.command import set_up_django; set_up_django('worker'); from zhike.kit import jobs; jobs.run_pending()"


def work(failpoint: str) -> int:
    """A worker of its own that dies at a failpoint; its exit code."""
    environment = {**os.environ, "ZHIKE_FAILPOINT": failpoint, "LANG": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", _WORK], env=environment, capture_output=True, text=True, check=False)
    for connection in connections.all():
        connection.close()
    roots.forget()
    assert "example.com" not in done.stdout + done.stderr
    return done.returncode


@pytest.mark.parametrize(("failpoint", "handed_over"), [("reach.before_call", 0), ("reach.called", 1)])
def test_killed_around_the_call_a_message_is_unknown_and_stays_so(home: Path, failpoint: str, handed_over: int) -> None:
    house = open_house()
    message = news(agreed(person("wang@example.com"), house), house)
    journal = home / "simulator" / "taken.jsonl"
    assert work(failpoint) == -signal.SIGKILL
    message.refresh_from_db()
    assert (message.state, Attempt.objects.get().outcome) == ("sending", "")
    Job.objects.filter(state=Job.RUNNING).update(lease_until=clock.now() - dt.timedelta(minutes=5))  # its lease ran out
    for _ in range(3):
        jobs.run_pending()
    message.refresh_from_db()
    assert (message.state, message.why) == ("unknown", "not_back")
    lines = [json.loads(line)["message_id"] for line in journal.read_text().splitlines()] if journal.exists() else []
    assert lines.count(f"<{message.public_id}@localhost>") == handed_over

"""Killed around the call of the gateway: whatever the moment, a message is never handed over twice."""

import datetime as dt
import json
import signal
from pathlib import Path

import pytest

from tests.dying_worker import work
from tests.reach.ground import agreed, news, open_house, person
from zhike.kit import clock, jobs
from zhike.kit.models import Job
from zhike.reach.models import Attempt

pytestmark = [pytest.mark.django_db(transaction=True, databases=["default", "keyring"]), pytest.mark.both_databases]


@pytest.mark.parametrize(("failpoint", "handed_over"), [("reach.before_call", 0), ("reach.called", 1)])
def test_killed_around_the_call_a_message_is_unknown_and_stays_so(home: Path, failpoint: str, handed_over: int) -> None:
    house = open_house()
    message = news(agreed(person("wang@example.com"), house), house)
    journal = home / "simulator" / "taken.jsonl"
    assert work(failpoint, never_said="example.com") == -signal.SIGKILL
    message.refresh_from_db()
    assert (message.state, Attempt.objects.get().outcome) == ("sending", "")
    Job.objects.filter(state=Job.RUNNING).update(lease_until=clock.now() - dt.timedelta(minutes=5))  # its lease ran out
    for _ in range(3):
        jobs.run_pending()
    message.refresh_from_db()
    assert (message.state, message.why) == ("unknown", "not_back")
    lines = [json.loads(line)["message_id"] for line in journal.read_text().splitlines()] if journal.exists() else []
    assert lines.count(f"<{message.public_id}@localhost>") == handed_over

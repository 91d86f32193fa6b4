"""A run killed at its worst moments begins again, and ends as if nothing had happened."""

import datetime as dt
import signal
import subprocess
import sys

import pytest
from django.db import connection

from tests.analyze.test_rfm_run import AS_OF, _own_home, random_shop  # noqa: F401  (the fixture)
from zhike.analyze import actions, queries
from zhike.analyze.parameters import RfmParameters
from zhike.kit import jobs
from zhike.kit.models import Job
from zhike.secure.records import LOCAL_OPERATOR
from zhike.work import queries as work

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

CARRY_OUT = """
import sys, django; django.setup()
from zhike.analyze import actions
actions.carry_out(int(sys.argv[1]))
"""


@pytest.mark.parametrize(
    "failpoint",
    [
        pytest.param("analyze.after_snapshot", marks=pytest.mark.long_on_postgresql),
        "analyze.after_result",
        pytest.param("analyze.after_metrics", marks=pytest.mark.long_on_postgresql),
    ],
)
def test_a_killed_run_carried_out_again_doubles_nothing(failpoint, tmp_path, process_environment):
    random_shop(8)
    facts = actions.request_run(RfmParameters(only=("rfm", "lists")), as_of=AS_OF, by=LOCAL_OPERATOR)
    environment = {**process_environment, "ZHIKE_HOME": str(tmp_path), "ZHIKE_FAILPOINT": failpoint}
    environment.setdefault("ZHIKE_DATABASE", "")
    if connection.vendor == "sqlite":
        (tmp_path / "zhike.sqlite3").symlink_to(connection.settings_dict["NAME"])
    killed = subprocess.run([sys.executable, "-c", CARRY_OUT, str(facts.id)], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert queries.latest_run() is None
    jobs.run_pending()
    done = queries.run(facts.public_id)
    assert done.state == "done"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), count(DISTINCT customer_id) FROM customers_metric WHERE family = 'rfm'")
        assert cursor.fetchone() == (done.counts["scored"], done.counts["scored"])
    for kind, tally in done.counts["lists"].items():
        assert len(work.open_tasks(LOCAL_OPERATOR, kind, limit=1000).tasks) == tally["new"] + tally["kept"]


def test_a_worker_that_died_leaves_the_run_to_the_next_one():
    random_shop(9)
    facts = actions.request_run(RfmParameters(only=("rfm", "lists")), as_of=AS_OF, by=LOCAL_OPERATOR)
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Job.objects.filter(id=facts.job_id).update(state=Job.RUNNING, leased_by="gone:1:x", lease_until=long_ago)
    jobs.run_pending()
    assert queries.run(facts.public_id).state == "done"

"""The worker as a process: killed, restarted, stopped. Nothing is lost and nothing is done twice."""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from zhike.kit import jobs
from zhike.kit.models import HandledEvent, IdBlock, Job

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _known_jobs():
    from tests.kit import slow_jobs  # noqa: F401


_at_work: list[subprocess.Popen] = []


@contextlib.contextmanager
def worker(environment: dict, **more: str) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.kit.slow_jobs"],
        env={**environment, "ZHIKE_LEASE_SECONDS": "3", **more},
        text=True,
    )
    _at_work.append(process)
    try:
        yield process
    finally:
        _at_work.remove(process)
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], object], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        assert all(process.poll() is None for process in _at_work), "the worker has fallen"
        time.sleep(0.05)


def steps_taken() -> list[int]:
    return sorted(IdBlock.objects.filter(space__startswith="step ").values_list("next_id", flat=True))


def state_of(job_id: int) -> str:
    return Job.objects.get(id=job_id).state


@pytest.mark.parametrize(
    "place",
    [
        "tests.before_commit:3",
        pytest.param("tests.after_commit:3", marks=pytest.mark.long_on_postgresql),
        pytest.param("tests.in_handler", marks=pytest.mark.long_on_postgresql),
    ],
)
def test_a_worker_killed_at_a_failpoint_loses_nothing_and_doubles_nothing(place, process_environment):
    job_id = jobs.enqueue("tests.steps", steps=8)
    with worker(process_environment, ZHIKE_FAILPOINT=place) as first:
        assert first.wait(timeout=300) == -signal.SIGKILL
    with worker(process_environment):
        wait_for(lambda: state_of(job_id) == "done" and HandledEvent.objects.exists())
    assert steps_taken() == list(range(8))
    assert IdBlock.objects.filter(space__startswith="handled ").count() == 1


def test_a_killed_workers_job_runs_again_when_its_lease_expires_elsewhere(process_environment):
    """Another machine cannot see that the process is gone: it waits for the lease."""
    job_id = jobs.enqueue("tests.steps", steps=20, seconds=0.2)
    with worker(process_environment) as first:
        wait_for(lambda: len(steps_taken()) >= 3)
        first.send_signal(signal.SIGKILL)
        first.wait()
    Job.objects.filter(id=job_id).update(leased_by="another-machine/1:1:x")
    with worker(process_environment):
        wait_for(lambda: state_of(job_id) == "done")
    assert steps_taken() == list(range(20))


def test_a_worker_asked_to_stop_gives_its_job_back_without_counting_a_failure(process_environment):
    job_id = jobs.enqueue("tests.steps", steps=50, seconds=0.1)
    with worker(process_environment) as first:
        wait_for(lambda: len(steps_taken()) >= 2)
        first.terminate()
        assert first.wait(timeout=180) == 0
    job = Job.objects.get(id=job_id)
    assert (job.state, job.attempts, job.leased_by) == ("queued", 0, "")
    assert job.cursor["step"] == len(steps_taken())


def test_a_lease_is_renewed_while_the_work_goes_on(process_environment):
    job_id = jobs.enqueue("tests.steps", steps=1, seconds=5.0)
    with worker(process_environment):
        wait_for(lambda: state_of(job_id) == "done")
    assert steps_taken() == [0]


def job_processes(worker: subprocess.Popen) -> list[tuple[psutil.Process, list[str]]]:
    """The processes in which a worker runs analyses now, with their command lines."""
    found = []
    for child in psutil.Process(worker.pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            if "zhike.kit.job_process" in (words := child.cmdline()):
                found.append((child, words))
    return found


def test_an_analysis_runs_in_a_process_of_its_own_that_ends_afterwards(process_environment):
    job_id = jobs.enqueue("kit.sweep", lane="analysis")
    seen: dict[int, list[str]] = {}
    with worker(process_environment) as first:

        def is_over() -> bool:
            seen.update((process.pid, words) for process, words in job_processes(first))
            return state_of(job_id) == "done"

        wait_for(is_over, 60)
        ((pid, words),) = seen.items()
        assert words[1:4] == ["-m", "zhike.kit.job_process", str(job_id)]
        wait_for(lambda: not psutil.pid_exists(pid))


def test_a_killed_analysis_process_counts_as_a_failed_start_and_is_tried_again(process_environment):
    job_id = jobs.enqueue("kit.sweep", lane="analysis")
    with worker(process_environment) as first:
        wait_for(lambda: job_processes(first))
        job_processes(first)[0][0].kill()
        wait_for(lambda: Job.objects.get(id=job_id).error_code)
    job = Job.objects.get(id=job_id)
    assert (job.state, job.error_code, job.attempts) == ("queued", "job_process_died", 1)

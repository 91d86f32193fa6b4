"""Jobs and a worker of their own for the tests that kill: `python -m tests.kit.slow_jobs` works until told to stop."""

import time
from dataclasses import dataclass

import django

django.setup()

from django.db import transaction  # noqa: E402

from zhike.kit import bulk, events, failpoints, ids, jobs  # noqa: E402
from zhike.kit.jobs.run import JobRun, shutting_down  # noqa: E402
from zhike.kit.jobs.worker import run_worker  # noqa: E402
from zhike.kit.processes import on_stop_signals  # noqa: E402

failpoints.declare("tests.before_commit", "tests.after_commit", "tests.in_handler")


@dataclass(frozen=True, kw_only=True)
class StepsWereTaken(events.Event):
    upto: int


@jobs.job("tests.steps", lane="import")
def take_steps(run: JobRun, *, steps: int, seconds: float = 0.0) -> dict:
    """Write one row a step, with the cursor in the same transaction."""
    for step in range(run.cursor.get("step", 0), steps):
        run.check()
        (row_id,) = ids.take("steps")
        with transaction.atomic():
            bulk.insert_many("kit_id_block", ["space", "next_id"], [(f"step {step} {row_id}", step)])
            run.save_cursor({"step": step + 1})
            failpoints.hit("tests.before_commit")
        failpoints.hit("tests.after_commit")
        time.sleep(seconds)
    with transaction.atomic():
        events.publish(StepsWereTaken(upto=steps))
    return {"steps": steps}


@events.durable(StepsWereTaken)
def count_the_steps(event: StepsWereTaken) -> None:
    (number,) = ids.take("handled")
    bulk.insert_many("kit_id_block", ["space", "next_id"], [(f"handled {number}", event.upto)])
    failpoints.hit("tests.in_handler")


if __name__ == "__main__":
    on_stop_signals(shutting_down.set)
    run_worker()

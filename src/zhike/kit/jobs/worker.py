"""The worker process: one thread a lane, an ear for wake-ups, the schedule, and an alive mark."""

import logging
import threading
import time
from collections.abc import Sequence

from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from zhike.kit import bus, clock
from zhike.kit.installation import installation
from zhike.kit.job_process import run_in_child
from zhike.kit.jobs.lease import claim, free_leases_of_the_dead, owner_name
from zhike.kit.jobs.registry import CHILD_LANES, LANES, discover
from zhike.kit.jobs.run import shutting_down
from zhike.kit.jobs.runner import run_claimed
from zhike.kit.jobs.schedule import Nightly, enqueue_due, run_ticks
from zhike.kit.models import ScheduleMark
from zhike.kit.signs import WORKER_ALIVE

log = logging.getLogger(__name__)

ALIVE = "worker alive"
ALIVE_EVERY_S = 10
_SCHEDULE_EVERY_S = 20


def run_worker(schedule: Sequence[Nightly] = (), lanes: Sequence[str] = LANES) -> None:
    """Work until `shutting_down` is set; returns once the running jobs have stopped or been given back."""
    discover()
    free_leases_of_the_dead(lanes)
    bells = {lane: threading.Event() for lane in lanes}
    threads = [threading.Thread(target=_serve_lane, args=(lane, bells[lane]), name=f"lane-{lane}") for lane in lanes]
    for thread in threads:
        thread.start()
    next_mark = next_schedule = 0.0
    with bus.Listener() as ear:
        while not shutting_down.is_set():
            heard = ear.wait(1.0)
            if heard and heard[0] == "jobs" and heard[1] in bells:
                bells[heard[1]].set()
            moment = time.monotonic()
            try:
                if moment >= next_mark:
                    next_mark = moment + ALIVE_EVERY_S
                    ScheduleMark.objects.update_or_create(name=WORKER_ALIVE, defaults={"last_due_at": clock.now()})
                if schedule and moment >= next_schedule:
                    next_schedule = moment + _SCHEDULE_EVERY_S
                    enqueue_due(schedule, installation().time_zone)
            except (DatabaseError, InterfaceError) as error:
                _rest_after(error)
            run_ticks()
    for bell in bells.values():
        bell.set()
    for thread in threads:
        thread.join()
    connections.close_all()


def _serve_lane(lane: str, bell: threading.Event) -> None:
    while not shutting_down.is_set():
        try:
            close_old_connections()
            job = claim(lane, owner_name())
            if job is None:
                bell.wait(1.0)
                bell.clear()
            elif lane in CHILD_LANES:
                run_in_child(job)
            else:
                run_claimed(job)
        except (DatabaseError, InterfaceError) as error:
            _rest_after(error)
    connections.close_all()


def _rest_after(error: Exception) -> None:
    log.error("the database refused the worker: %s", type(error).__name__)
    connections.close_all()
    shutting_down.wait(1.0)

"""`zhike worker`: the worker process alone."""

import click

from zhike.cli.command import command, set_up_django
from zhike.cli.output import Output


@command("worker", django=False)
@click.option(
    "--lane",
    "lanes",
    multiple=True,
    type=click.Choice(["default", "import", "analysis", "quick"]),
    help="Only these lanes.",
)
def worker(out: Output, lanes: tuple[str, ...]) -> None:
    """Run the worker alone: jobs, schedule, imports. Stops in good order on SIGTERM."""
    set_up_django("worker")
    from zhike.config.schedule import ENTRIES
    from zhike.kit.jobs.registry import LANES
    from zhike.kit.jobs.run import shutting_down
    from zhike.kit.jobs.worker import run_worker
    from zhike.kit.processes import end_with_parent, on_stop_signals

    on_stop_signals(shutting_down.set)
    end_with_parent()
    run_worker(ENTRIES, lanes or LANES)

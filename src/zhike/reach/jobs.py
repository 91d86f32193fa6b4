"""What the worker does for `reach`: one message a job, and a look for messages nobody came back from."""

from zhike.kit.jobs import JobRun, every, job
from zhike.reach.actions import delivering


@job("reach.deliver", attempts=5)
def deliver(run: JobRun, *, message_id: int) -> dict[str, str]:
    """Judge a message again and hand it to the gateway. A job that starts again finds `sending` and says `unknown`."""
    return {"state": delivering.deliver(message_id)}


@every(300)
def look_after() -> None:
    """Ask again for messages whose job was lost, and say `unknown` of those whose call nobody came back from."""
    delivering.look_after()

"""What the home of tasks does when something is announced."""

from zhike.kit.events import durable
from zhike.secure.events import StaffDisabled
from zhike.secure.records import SYSTEM
from zhike.work import actions


@durable(StaffDisabled)
def give_back_tasks(event: StaffDisabled) -> None:
    """Who leaves leaves no task behind: what was theirs waits in its queue again."""
    actions.return_to_queue(event.staff_id, by=SYSTEM)

"""Tables of the kit: id blocks, the change counter, handled events, jobs, the schedule, the installation."""

from zhike.kit.models.counter import ChangeCounter, IdBlock
from zhike.kit.models.event import HandledEvent
from zhike.kit.models.installation import InstallationRow
from zhike.kit.models.job import Job, ScheduleMark

__all__ = ["ChangeCounter", "HandledEvent", "IdBlock", "InstallationRow", "Job", "ScheduleMark"]

"""What the pages of verification ask: the rules, how accurate sources and collectors are, and what comes next."""

import math
from dataclasses import dataclass

from zhike.clean.actions.verification import KINDS
from zhike.clean.models import VerificationRule
from zhike.customers import queries as customers
from zhike.customers.queries import Checked
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.work import queries as work
from zhike.work.records import TaskFacts, TaskFilter

ENOUGH = 20  # checked statements before a trust grade is proposed
_SURE = 1.959963984540054  # of the normal distribution, for an interval of 95 %
# Trust grades by the least accuracy the interval allows.
_GRADES = ((0.95, 5), (0.85, 4), (0.70, 3), (0.50, 2), (0.0, 1))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often somebody's statements were right: a share with its interval; `proposed` is a trust grade, or nothing yet."""

    checked: Checked
    share: float
    low: float
    high: float
    proposed: int | None


def interval(right: int, checked: int) -> tuple[float, float]:
    """The interval in which the true share lies with 95 % certainty, after Wilson (1927).

    Holds for few and for extreme counts, where the plain share ± 1.96·s does not.
    """
    if not checked:
        return 0.0, 1.0
    share, z = right / checked, _SURE
    middle = share + z * z / (2 * checked)
    reach = z * math.sqrt(share * (1 - share) / checked + z * z / (4 * checked * checked))
    scale = 1 + z * z / checked
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def accuracies() -> tuple[list[Accuracy], list[Accuracy]]:
    """Of sources, and of members of staff."""
    people = customers.accuracy_of_collectors()
    names = secure.staff_names([c.id for c in people])
    named = [Checked(c.id, names.get(c.id, ""), 0, c.checked, c.right) for c in people]
    return [_accuracy(c) for c in customers.accuracy_of_sources()], [_accuracy(c) for c in named]


def rules() -> list[VerificationRule]:
    """The rules, in the order they were made."""
    return list(VerificationRule.objects.order_by("id"))


def rule(rule_id: int) -> VerificationRule | None:
    """One rule."""
    return VerificationRule.objects.filter(pk=rule_id).first()


def next_tasks(viewer: Viewer, *, limit: int = 8) -> list[TaskFacts]:
    """What to ask next: one's own tasks of verification first, then those nobody has taken."""
    found: list[TaskFacts] = []
    for tab in ("mine", "queue"):
        for kind in KINDS:
            if len(found) < limit:
                found += work.tasks(viewer, TaskFilter(tab, kind), limit=limit - len(found)).tasks
    return found


def next_task(viewer: Viewer, *, but: str = "") -> TaskFacts | None:
    """What to ask next, but for the one at hand."""
    return next((task for task in next_tasks(viewer, limit=2) if task.public_id != but), None)


def _accuracy(checked: Checked) -> Accuracy:
    low, high = interval(checked.right, checked.checked)
    proposed = next(grade for least, grade in _GRADES if low >= least) if checked.checked >= ENOUGH else None
    return Accuracy(checked, checked.right / checked.checked, low, high, proposed)

"""How large a share of somebody's looks is drawn: more of those who lately looked without a reason."""

import math
from dataclasses import dataclass

from django.db.models import Count

from zhike.protect.models import DisclosureReview, SupervisionRule

FOUNDED, UNFOUNDED, BREACH = "founded", "unfounded", "breach"
OUTCOMES = (FOUNDED, UNFOUNDED, BREACH)
_LAST_JUDGED = 20  # so many of a person's judged looks tell whether they are doubtful


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of supervision; see the model for the units."""

    is_on: bool = True
    usual_share: float = 0.05
    doubtful_share: float = 0.2
    most_each: int = 10
    period_days: int = 7


def rules() -> Rules:
    """The rules in force."""
    row = SupervisionRule.objects.filter(pk=1).first()
    return Rules(*(getattr(row, name) for name in Rules.__slots__)) if row else Rules()


def is_sound(given: Rules) -> bool:
    """Whether rules can stand: shares between 0 and 1, 1 to 500 looks of each, 1 to 365 days."""
    shares = (given.usual_share, given.doubtful_share)
    numbers = 1 <= given.most_each <= 500 and 1 <= given.period_days <= 365
    return numbers and all(math.isfinite(s) and 0 <= s <= 1 for s in shares)


def is_doubtful(staff_id: int) -> bool:
    """Whether one of somebody's last judged looks had no reason."""
    judged = DisclosureReview.objects.filter(staff_id=staff_id).exclude(outcome="").order_by("-id")
    return any(o != FOUNDED for o in judged.values_list("outcome", flat=True)[:_LAST_JUDGED])


def wanted(look_count: int, staff_id: int, own: Rules) -> int:
    """How many of somebody's looks to draw: the share rounded up, at most `most_each`; 0 of none."""
    share = max(own.doubtful_share, own.usual_share) if is_doubtful(staff_id) else own.usual_share
    return min(own.most_each, math.ceil(share * look_count))


def tallies() -> dict[int, dict[str, int]]:
    """{person: {outcome: reviews}}; those not judged yet stand under the empty outcome."""
    told: dict[int, dict[str, int]] = {}
    rows = DisclosureReview.objects.values_list("staff_id", "outcome").annotate(n=Count("id")).order_by()
    for staff_id, outcome, count in rows:
        told.setdefault(staff_id, {})[outcome] = count
    return told

"""What staff who never were (demo accounts) set up in this module, and whom their rules would have moved."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import Q

from zhike.clean.models import MarketSegment, ProposedMove, QualificationRule, QualificationRun, VerificationRule
from zhike.kit import clock
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_OVER = (QualificationRun.FOUND, QualificationRun.DONE, QualificationRun.UNDONE, QualificationRun.FAILED)


def forget_moves(customer_ids: Collection[int]) -> None:
    """Delete what runs of the rules noted about customers who are no more."""
    wanted = sorted(customer_ids)
    for start in range(0, len(wanted), 500):
        ProposedMove.objects.filter(customer_id__in=wanted[start : start + 500]).delete()


def forget_rules_of(staff_ids: Sequence[int], *, by: Viewer) -> int:
    """Delete the rules and the lines of the market sheet these made, and the runs of the funnel that say nothing any more.

    A rule that moved a customer who is still here is only put away: the move names it. Returns how many rules and lines
    went. Before the segments these rules stand on. Raises Forbidden.
    """
    check(by, "demo.manage")
    with transaction.atomic():
        count = VerificationRule.objects.filter(by_staff_id__in=staff_ids).delete()[0]
        count += MarketSegment.objects.filter(by_staff_id__in=staff_ids).delete()[0]
        own = QualificationRule.objects.filter(by_staff_id__in=staff_ids)
        moved = ProposedMove.objects.filter(rule_id__in=own.values("id"), state=ProposedMove.MOVED)
        named = set(moved.values_list("rule_id", flat=True))
        own.filter(id__in=named, archived_at=None).update(archived_at=clock.now())
        gone = list(own.exclude(id__in=named).values_list("id", flat=True))
        ProposedMove.objects.filter(rule_id__in=gone).delete()
        count += QualificationRule.objects.filter(id__in=gone).delete()[0]
        _forget_runs(staff_ids)
    return count


def _forget_runs(staff_ids: Sequence[int]) -> None:
    """Runs that are over and name nobody any more: those these asked for, and those of the nights in which they found somebody."""
    theirs = Q(by_staff_id__in=staff_ids) | Q(is_nightly=True, found_count__gt=0)
    if not QualificationRule.objects.exists():
        theirs |= Q(is_nightly=True)
    empty = QualificationRun.objects.filter(theirs, state__in=_OVER)
    empty.exclude(id__in=ProposedMove.objects.values("run_id")).delete()

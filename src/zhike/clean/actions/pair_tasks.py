"""Pairs a machine may not join become tasks for a person, and close when the pair is decided or gone."""

import datetime as dt

from zhike.clean.models import CandidatePair
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure.records import SYSTEM, Viewer
from zhike.work import actions as work
from zhike.work import queries as work_queries
from zhike.work.records import TaskFilter

DECIDE_PAIR = "decide_pair"
_DUE_DAYS = 7
_SWEPT = 500


def ask_person(pair: CandidatePair) -> None:
    """Have a person decide on a pair whose two files were both confirmed by contact. Safe to repeat."""
    work.open_task(
        DECIDE_PAIR,
        about_kind="customer",
        about_id=pair.low_id,
        about_part=pair.public_id,
        why_code="two_verified",
        due_on=clock.today(installation().time_zone) + dt.timedelta(days=_DUE_DAYS),
        fact_at=pair.updated_at,
    )


def settle_pair(pair: CandidatePair, outcome: str, *, by: Viewer) -> None:
    """The pair was decided: nobody has to look at it any more."""
    group = [pair.low_id, pair.high_id]
    work.settle_tasks(DECIDE_PAIR, "customer", group, about_part=pair.public_id, by=by, outcome=outcome)


def settle_gone() -> None:
    """Close tasks about pairs that wait no longer: merged elsewhere, or no pair any more."""
    page = work_queries.tasks(SYSTEM, TaskFilter("all", DECIDE_PAIR), limit=_SWEPT)
    asked = {task.about_part: task.about_id for task in page.tasks}
    waiting = CandidatePair.objects.filter(
        public_id__in=list(asked), state__in=[CandidatePair.OPEN, CandidatePair.SKIPPED]
    )
    for part in set(asked) - set(waiting.values_list("public_id", flat=True)):
        work.settle_tasks(DECIDE_PAIR, "customer", [asked[part]], about_part=part, by=SYSTEM, outcome="gone")

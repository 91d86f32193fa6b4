"""Questions about analysis runs."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from zhike.analyze.models import AnalysisRun, MovedCustomer
from zhike.analyze.records import Outlook, RunFacts
from zhike.customers import queries as customers
from zhike.kit.models import Job
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def latest_run(kind: str = "rfm") -> RunFacts | None:
    """The newest run that ended well, the one whose classes stand on the customers."""
    return _one(_ended(kind))


def on_file_before(run_id: int, kind: str) -> tuple[dt.date, int] | None:
    """The day of the run of this kind before one, and how many customers were on file then; None before the first."""
    earlier = _ended(kind).filter(id__lt=run_id)
    # The figure alone: the other figures of a run are many.
    found = earlier.values_list("as_of", "counts__customers").first()
    return (found[0], int(found[1])) if found and found[1] is not None else None


def latest_lists() -> RunFacts | None:
    """The newest run that drew up the lists."""
    return _one(
        AnalysisRun.objects.filter(state__in=[AnalysisRun.DONE, AnalysisRun.EMPTY], counts__has_key="lists").order_by(
            "-id"
        )
    )


def run(public_id: str) -> RunFacts | None:
    """A run by the id in its address."""
    return _one(AnalysisRun.objects.filter(public_id=public_id))


def run_by_id(run_id: int) -> RunFacts | None:
    """A run by its id."""
    return _one(AnalysisRun.objects.filter(id=run_id))


def running() -> RunFacts | None:
    """The newest run that waits or is at work."""
    alive = Job.objects.filter(state__in=[Job.QUEUED, Job.RUNNING, Job.PAUSED]).values("id")
    waiting = AnalysisRun.objects.filter(state__in=[AnalysisRun.QUEUED, AnalysisRun.RUNNING])
    return _one(waiting.filter(job_id__in=alive).order_by("-id"))


def runs(*, before_id: int | None = None, limit: int = 50) -> list[RunFacts]:
    """Runs, newest first; `before_id` goes on from there."""
    found = AnalysisRun.objects.order_by("-id")
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return [facts_of(row) for row in found[:limit]]


def moved_customers(
    run_id: int, before: str, after: str, *, beyond_rank: int = 0, limit: int = 50
) -> list[tuple[int, int]]:
    """(rank, customer) of those who went from one class to another in the newest run, greatest value first."""
    found = MovedCustomer.objects.filter(run_id=run_id, before=before, after=after, rank__gt=beyond_rank)
    return list(found.order_by("rank").values_list("rank", "customer_id")[:limit])


def outlook(viewer: Viewer, customer_id: int) -> Outlook | None:
    """What is to come of one customer as the newest run left it on the file; None without, or not the viewer's to see."""
    from zhike.analyze import lifetime_page, measure_words

    found = customers.figures_of(viewer, customer_id, "lifetime")
    if found is None:
        return None
    values, as_of = found
    with_money = secure.sight(viewer, "net_amount") == "shown"
    stayed = customers.figures_of(viewer, customer_id, "retention")
    risk = stayed[0] if stayed else {}
    return Outlook(
        as_of,
        str(measure_words.BANDS.get(values["band"], values["band"])),
        int(values["alive_percent"]),
        float(values["expected_orders"]),
        int(values["value_ahead_cents"]) if with_money else None,
        tuple(lifetime_page.why(values)),
        str(measure_words.RISKS.get(risk.get("risk_level", ""), "")),
        risk.get("risk_percent"),
    )


def facts_of(row: AnalysisRun) -> RunFacts:
    """A row as the record that crosses the door."""
    return RunFacts(**{name: getattr(row, name) for name in RunFacts.__slots__})


def _ended(kind: str) -> QuerySet[AnalysisRun, Any]:
    return AnalysisRun.objects.filter(kind=kind, state=AnalysisRun.DONE).order_by("-id")


def _one(found: QuerySet[AnalysisRun, Any]) -> RunFacts | None:
    row = found.first()
    return facts_of(row) if row else None

"""Whom to look at again: credit that ends soon, and invoices overdue beyond the grace."""

import datetime as dt

from zhike.credit import shipped_rules
from zhike.credit.models import CreditReport, Receivable
from zhike.customers import queries as customers
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure.records import SYSTEM
from zhike.work import actions as work
from zhike.work.records import TaskOffer

REVIEW = "credit_review"
_SOON_DAYS = 30
_MOST = 500


def offer_reviews() -> int:
    """Make credit that ends within a month, or whose customer pays late beyond the grace, tasks of those in charge; how many
    are open. The overdue come first; one task a customer."""
    today = clock.today(installation().time_zone)
    found = [*_overdue(today), *_ending(today)]
    roots = customers.customers_of_records(SYSTEM, [record for record, *_ in found])
    owners = {i: line.owner_staff_id for i, line in customers.lines(SYSTEM, set(roots.values())).items()}
    offers: dict[int, TaskOffer] = {}
    for record, why, days, due, at in found:
        root = roots.get(record)
        if root is not None and root not in offers:
            offers[root] = TaskOffer(
                about_id=root, rank=len(offers) + 1, why_code=why, why_params={"days": days},
                owner_staff_id=owners.get(root), due_on=due, fact_at=at,
            )  # fmt: skip
    tally = work.offer_tasks(REVIEW, offers.values(), run_id=0, limit=_MOST)
    return tally.new + tally.kept


_Found = tuple[int, str, int, dt.date, dt.datetime]


def _overdue(today: dt.date) -> list[_Found]:
    grace = shipped_rules.limits().grace_days
    rows = Receivable.objects.filter(paid_on__isnull=True, due_on__lt=today - dt.timedelta(days=grace))
    told = [r for r in rows.order_by("due_on", "id")[: 4 * _MOST] if r.paid_cents < r.amount_cents]
    return [(r.source_record_id, "overdue", (today - r.due_on).days, today, r.updated_at) for r in told]


def _ending(today: dt.date) -> list[_Found]:
    """Reports in force that end; one that a newer report has followed is over."""
    rows = CreditReport.objects.filter(state="approved", valid_until__lte=today + dt.timedelta(days=_SOON_DAYS))
    told: list[_Found] = []
    for r in rows.order_by("valid_until", "id")[: 4 * _MOST]:
        newer = CreditReport.objects.filter(
            source_record_id=r.source_record_id, state__in=("approved", "waiting"), created_at__gt=r.created_at
        )
        if r.valid_until is not None and not newer.exists():
            told.append((r.source_record_id, "ending", (r.valid_until - today).days, r.valid_until, r.updated_at))
    return told

"""Credit reports: of a file, one whole, and lists by what is to be done with them."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet

from zhike.credit.models import CreditReport
from zhike.credit.records import ReportFacts, ReportPage
from zhike.customers import queries as customers
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.kit.paging import Column, page_of
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

VIEWS = ("waiting", "force", "ending", "draft", "over")
_SORTS = {
    "end": (Column("valid_until", nullable=True), Column("id")),
    "new": (Column("created_at", descending=True), Column("id", descending=True)),
}
_SOON_DAYS = 30


def reports_of(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 30) -> tuple[ReportFacts, ...]:
    """The reports of a file, the newest first. Who sees credit masked gets those in force, as bands."""
    sight = secure.sight(viewer, "credit") if viewer.can("credit.view") else "hidden"
    if sight == "hidden":
        return ()
    found = CreditReport.objects.filter(source_record_id__in=list(record_ids))
    if sight == "masked":
        found = found.filter(state="approved")
    return tuple(facts(viewer, row) for row in found.order_by("-created_at", "-id")[:limit])


def report(viewer: Viewer, public_id: str) -> ReportFacts | None:
    """A report whole; None for who may not know of it, or sees credit masked."""
    row = CreditReport.objects.filter(public_id=public_id).first()
    if row is None or not viewer.can("credit.view") or secure.sight(viewer, "credit") != "shown":
        return None
    return facts(viewer, row) if customers.customers_of_records(viewer, [row.source_record_id]) else None


def reports(viewer: Viewer, view: str = "waiting", *, after: str = "", limit: int = 50) -> ReportPage:
    """Reports on the viewer's customers. Views: waiting, force, ending (within 30 days), draft, over. Raises BadPageKey."""
    if not viewer.can("credit.view") or secure.sight(viewer, "credit") != "shown":
        return ReportPage((), "")
    sort = "end" if view in ("force", "ending") else "new"
    page = page_of(_in_view(viewer, view), sorts=_SORTS, sort=sort, after=after, size=limit)
    return ReportPage(tuple(facts(viewer, row) for row in page.items), page.next_key or "")


def waiting_count(viewer: Viewer) -> int:
    """How many reports wait for a decision this viewer may take."""
    if not viewer.can("credit.approve") or secure.sight(viewer, "credit") != "shown":
        return 0
    return _in_view(viewer, "waiting").exclude(author_staff_id=viewer.staff_id).count()


def in_force(record_ids: Sequence[int]) -> CreditReport | None:
    """The report approved last, valid still or not; for this module alone."""
    found = CreditReport.objects.filter(source_record_id__in=list(record_ids), state="approved")
    return found.order_by("-decided_at", "-id").first()


def band_of(grade: str) -> str:
    """AAA, AA and A → A, and so on: what service needs to know of a grade."""
    return grade[:1]


def facts(viewer: Viewer, row: CreditReport) -> ReportFacts:
    """A report as this viewer may see it."""
    shown = secure.sight(viewer, "credit") == "shown"
    return ReportFacts(
        id=row.pk,
        public_id=row.public_id if shown else "",
        source_record_id=row.source_record_id,
        is_person=row.is_person,
        state=row.state,
        leading=row.leading,
        scores=row.scores if shown else {},
        results=row.results if shown else {},
        grade=row.grade if shown else "",
        band=band_of(row.grade),
        override_grade=row.override_grade if shown else "",
        override_why=row.override_why if shown else "",
        statement_id=row.statement_id if shown else None,
        payments=row.payments if shown else {},
        proposal=row.proposal if shown else {},
        currency=row.currency,
        limit_cents=row.limit_cents if shown else None,
        terms_days=row.terms_days if shown else None,
        valid_until=row.valid_until,
        is_expired=is_expired(row),
        sections=row.sections if shown else {},
        sources=tuple((name, day, words) for name, day, words in row.sources) if shown else (),
        author_staff_id=row.author_staff_id,
        created_at=row.created_at,
        submitted_at=row.submitted_at,
        decided_by_staff_id=row.decided_by_staff_id,
        decided_at=row.decided_at,
        decision_note=row.decision_note if shown else "",
    )


def is_expired(row: CreditReport) -> bool:
    """Whether what was allowed is no longer valid."""
    return row.valid_until is not None and row.valid_until < clock.today(installation().time_zone)


def _in_view(viewer: Viewer, view: str) -> QuerySet[CreditReport]:
    within = customers.records_in_scope(viewer)
    found = CreditReport.objects.all()
    if within is not None:
        found = found.filter(source_record_id__in=within)
    today = clock.today(installation().time_zone)
    if view in ("force", "ending"):
        found = found.filter(state="approved", valid_until__gte=today)
        return found if view == "force" else found.filter(valid_until__lte=today + dt.timedelta(days=_SOON_DAYS))
    states = {"draft": ("draft",), "over": ("refused", "withdrawn")}.get(view, ("waiting",))
    return found.filter(state__in=states)

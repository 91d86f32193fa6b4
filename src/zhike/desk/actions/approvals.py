"""Exports above a limit wait until a second person lets them go, or says why not."""

import datetime as dt

from django.db import transaction
from django.db.models import Sum

from zhike.desk.models import Export, ExportRule
from zhike.kit import clock, jobs
from zhike.secure import actions as audit
from zhike.secure import queries as secure
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

# Data of 250 persons obtained at work is where the count of the criminal law on personal data begins for transactions.
FREE_ROWS = 250
MOST_FREE_ROWS = 100_000
ALONE_WAITS = dt.timedelta(minutes=10)
_DAY = dt.timedelta(days=1)


class ApprovalRefused(ValueError):
    """It cannot be decided: `gone` (decided already, or never was), `own` (somebody else must), `reason_missing`, `not_alone`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def free_rows() -> int:
    """Up to how many rows within a day a person exports without asking."""
    kept = ExportRule.objects.filter(pk=1).values_list("free_rows", flat=True).first()
    return FREE_ROWS if kept is None else kept


def set_free_rows(rows: int, *, by: Viewer) -> None:
    """Set the limit, 0 (every export waits) to 100,000; audited. Raises ValueError."""
    check(by, "settings.edit")
    if not 0 <= rows <= MOST_FREE_ROWS:
        raise ValueError(rows)
    with transaction.atomic():
        before = free_rows()
        ExportRule.objects.update_or_create(pk=1, defaults={"free_rows": rows})
        audit.record_audit("export.rule", by=by, detail={"before": before, "now": rows})


def needs_approval(export: Export, by: Viewer) -> bool:
    """Whether an export waits: its rows, and those the person exported freely within the last day, pass the limit."""
    if by.is_machine:
        return False
    since = clock.now() - _DAY
    freely = Export.objects.filter(staff_id=by.staff_id, created_at__gt=since, decided_at=None).exclude(pk=export.pk)
    lately = freely.exclude(state__in=["waiting", "failed"]).aggregate(n=Sum("asked_count"))["n"] or 0
    return int(export.asked_count) + int(lately) > free_rows()


def waiting(by: Viewer) -> list[Export]:
    """The exports that wait for somebody, oldest first."""
    check(by, "exports.approve")
    return list(Export.objects.filter(state="waiting").order_by("created_at", "pk")[:200])


def is_alone(by: Viewer) -> bool:
    """Whether nobody but the person could let an export of theirs go."""
    return by.can("exports.approve") and not (secure.staff_who_can("exports.approve").keys() - {by.staff_id})


def approve(public_id: str, *, by: Viewer) -> Export:
    """Let somebody else's export go: a job makes the file. Raises ApprovalRefused, Forbidden."""
    check(by, "exports.approve")
    with transaction.atomic():
        export = _waiting(public_id)
        if export.staff_id == by.staff_id:
            raise ApprovalRefused("own")
        return _let_go(export, by, "export.approved")


def confirm_alone(public_id: str, *, by: Viewer) -> Export:
    """Let one's own export go where nobody else could; the file is made ten minutes later.

    The page has asked for password and second factor. Raises ApprovalRefused `not_alone` where a second person exists.
    """
    check(by, "exports.approve")
    with transaction.atomic():
        export = _waiting(public_id)
        if export.staff_id != by.staff_id:
            raise ApprovalRefused("gone")
        if not is_alone(by):
            raise ApprovalRefused("not_alone")
        return _let_go(export, by, "export.confirmed_alone", run_after=clock.now() + ALONE_WAITS)


def refuse(public_id: str, reason: str, *, by: Viewer) -> Export:
    """Refuse an export (or give one's own up), with the reason its maker reads."""
    with transaction.atomic():
        export = _waiting(public_id)
        if export.staff_id != by.staff_id:
            check(by, "exports.approve")
            if not reason.strip():
                raise ApprovalRefused("reason_missing")
        return _decided(export, by, "export.refused", state="refused", decision_note=reason.strip()[:200])


def _waiting(public_id: str) -> Export:
    export = Export.objects.select_for_update().filter(public_id=public_id, state="waiting").first()
    if export is None:
        raise ApprovalRefused("gone")
    return export


def _let_go(export: Export, by: Viewer, action: str, *, run_after: dt.datetime | None = None) -> Export:
    maker = secure.viewer_of_staff(export.staff_id)
    if not maker.can("customers.export"):
        raise Forbidden("customers.export")
    job_id = jobs.enqueue("desk.export", by=export.staff_id, run_after=run_after, export_id=export.pk)
    return _decided(export, by, action, state="asked", job_id=job_id)


def _decided(export: Export, by: Viewer, action: str, **changes: object) -> Export:
    changes |= {"decided_by_id": by.staff_id, "decided_at": clock.now()}
    for name, value in changes.items():
        setattr(export, name, value)
    export.save(update_fields=list(changes))
    detail = {"what": export.what, "rows": export.asked_count, "asked_by": export.staff_id}
    audit.record_audit(action, by=by, about=("export", export.public_id), detail=detail)
    return export

"""Setting up, changing, pausing and ending reports. A report holds recipients and a rhythm; figures are drawn at each sending."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from zhike.analyze.boards import shelf
from zhike.analyze.boards.times import Rhythm
from zhike.analyze.models import BoardReport, Dashboard, ReportMail
from zhike.kit import bulk, chance, clock, ids, jobs
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure import queries as rights
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

MOST_REPORTS = 10  # of one dashboard
MOST_RECIPIENTS = 50
RIGHTS = ("analyze.view", "customers.export")  # a mail leaves the house, so who gets it may let figures leave
_SHOWN = 60  # mails of the history


class ReportRefused(ValueError):
    """Not kept: `rhythm`, `recipients` (none, or somebody who may not get it), `too_many` or `unknown`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Report:
    """A report as one reader knows it; `is_own`: they set it up, and may change it."""

    public_id: str
    staff_id: int
    recipient_ids: tuple[int, ...]
    rhythm: Rhythm
    is_on: bool
    next_at: dt.datetime | None
    is_own: bool
    is_for_me: bool


@dataclass(frozen=True, slots=True)
class MailRow:
    """One line of the history."""

    report_id: str
    slot_at: dt.datetime
    staff_id: int
    state: str
    why: str
    attempt_count: int
    due_at: dt.datetime
    ended_at: dt.datetime | None


def audience(viewer: Viewer, board_id: str) -> dict[int, str]:
    """To whom the viewer may have a dashboard sent: {staff id: name}. Others' dashboards one has sent to oneself alone."""
    found = shelf.board(viewer, board_id)
    if found is None:
        raise ReportRefused("unknown")
    able = rights.staff_who_can(RIGHTS[0])
    if not found.is_own:
        able = {one: name for one, name in able.items() if one == viewer.staff_id}
    return {one: name for one, name in able.items() if not why_not(one, board_id)}


def why_not(staff_id: int, board_id: str) -> str:
    """Why somebody does not get a dashboard today: `disabled`, `no_right`, `not_shared`; empty where they do."""
    viewer = rights.viewer_of_staff(staff_id)
    if not viewer.permissions:
        return "disabled"
    if not all(viewer.can(right) for right in RIGHTS):
        return "no_right"
    return "" if shelf.board(viewer, board_id) else "not_shared"


def reports(viewer: Viewer, board_id: str) -> list[Report]:
    """The reports of a dashboard one set up or receives; its maker sees all of them."""
    found = shelf.board(viewer, board_id)
    if found is None:
        raise ReportRefused("unknown")
    rows = BoardReport.objects.filter(dashboard__public_id=board_id).order_by("id")
    told = [_facts(row, viewer) for row in rows]
    return [one for one in told if found.is_own or viewer.is_machine or one.is_own or one.is_for_me]


def history(viewer: Viewer, board_id: str) -> list[MailRow]:
    """The newest mails of the reports one sees; of others' reports only those to oneself."""
    seen = {one.public_id: one for one in reports(viewer, board_id)}
    whole = shelf.board(viewer, board_id)
    rows = ReportMail.objects.filter(report__public_id__in=seen).select_related("report")
    if not (viewer.is_machine or (whole and whole.is_own)):
        own = [code for code, one in seen.items() if one.is_own]
        rows = rows.filter(report__public_id__in=own) | rows.filter(staff_id=viewer.staff_id or 0)
    return [
        MailRow(r.report.public_id, r.slot_at, r.staff_id, r.state, r.why, r.attempt_count, r.due_at, r.ended_at)
        for r in rows.order_by("-slot_at", "-id")[:_SHOWN]
    ]


def outcomes(report_id: str) -> dict[str, int]:
    """What came of the newest sending of a report: {state: mails}. For who runs the machine."""
    mails = ReportMail.objects.filter(report__public_id=report_id)
    newest = mails.order_by("-slot_at").values_list("slot_at", flat=True).first()
    return dict(Counter(mails.filter(slot_at=newest).values_list("state", flat=True))) if newest else {}


def make_report(board_id: str, rhythm: Rhythm, recipient_ids: Iterable[int], *, by: Viewer, on: bool = True) -> Report:
    """Have a dashboard sent. Raises Forbidden, ReportRefused."""
    check(by, "analyze.view")
    chosen = _chosen(recipient_ids, board_id, by)
    with transaction.atomic():
        board = Dashboard.objects.select_for_update().filter(public_id=board_id).first()
        if board is None:
            raise ReportRefused("unknown")
        if BoardReport.objects.filter(dashboard=board).count() >= MOST_REPORTS:
            raise ReportRefused("too_many")
        row = BoardReport.objects.create(
            id=ids.take("board_report")[0], public_id=chance.public_id(), dashboard=board, staff_id=by.staff_id or 0,
            recipient_ids=chosen, rhythm=rhythm.every, on_day=rhythm.on_day, hour=rhythm.hour,
            is_on=on, next_at=_next(rhythm) if on else None, created_at=clock.now(),
        )  # fmt: skip
        _audit(row, by, "made")
    return _facts(row, by)


def change_report(
    report_id: str, rhythm: Rhythm, recipient_ids: Iterable[int], *, by: Viewer, on: bool | None = None
) -> Report:
    """Change recipients and rhythm, and whether it goes out where `on` says so. Raises Forbidden, ReportRefused."""
    check(by, "analyze.view")
    board_id = _board_of(report_id)
    chosen = _chosen(recipient_ids, board_id, by)
    with transaction.atomic():
        row = _own(report_id, by)
        row.recipient_ids, row.rhythm, row.on_day, row.hour = chosen, rhythm.every, rhythm.on_day, rhythm.hour
        row.is_on = row.is_on if on is None else on
        row.next_at = _next(rhythm) if row.is_on else None
        row.save()
        _audit(row, by, "changed")
    return _facts(row, by)


def turn_report(report_id: str, *, on: bool, by: Viewer) -> None:
    """Pause a report or let it go on; what fell due meanwhile is not sent. Raises Forbidden, ReportRefused."""
    check(by, "analyze.view")
    with transaction.atomic():
        row = _own(report_id, by)
        row.is_on = on
        row.next_at = _next(rhythm_of(row)) if on else None
        row.save(update_fields=["is_on", "next_at"])
        _audit(row, by, "on" if on else "paused")


def remove_report(report_id: str, *, by: Viewer) -> None:
    """End a report, and forget its history. Raises Forbidden, ReportRefused."""
    check(by, "analyze.view")
    with transaction.atomic():
        row = _own(report_id, by)
        _audit(row, by, "removed")
        row.delete()


def leave_report(report_id: str, *, by: Viewer) -> None:
    """Have oneself no longer written to; a report nobody gets any more is paused. Raises ReportRefused."""
    check(by, "analyze.view")
    with transaction.atomic():
        row = BoardReport.objects.select_for_update().filter(public_id=report_id).first()
        if row is None or by.staff_id not in row.recipient_ids:
            raise ReportRefused("unknown")
        row.recipient_ids = [one for one in row.recipient_ids if one != by.staff_id]
        if not row.recipient_ids:
            row.is_on, row.next_at = False, None
        row.save(update_fields=["recipient_ids", "is_on", "next_at"])
        _audit(row, by, "left")


def send_now(report_id: str, *, by: Viewer) -> int:
    """Send a report to its recipients now, whatever its rhythm; the job's number. Raises Forbidden, ReportRefused."""
    check(by, "analyze.view")
    with transaction.atomic():
        row = _own(report_id, by)
        lay_out(row, clock.now())
        _audit(row, by, "asked")
        return jobs.enqueue("analyze.send_reports", unique_key="analyze.send_reports", by=by)


def lay_out(row: BoardReport, slot_at: dt.datetime) -> None:
    """A waiting mail for each recipient of a slot; those laid out before stay as they are."""
    taken, now = ids.take("report_mail", len(row.recipient_ids)), clock.now()
    columns = ["id", "public_id", "report_id", "slot_at", "staff_id", "state", "why", "attempt_count", "due_at"]
    mails = [
        (number, chance.public_id(), row.pk, slot_at, staff_id, "waiting", "", 0, now)
        for number, staff_id in zip(taken, row.recipient_ids, strict=True)
    ]
    bulk.insert_many("analyze_reportmail", columns, mails, on_conflict="ignore")


def rhythm_of(row: BoardReport) -> Rhythm:
    """When a report is due."""
    return Rhythm(row.rhythm, row.on_day, row.hour)


def _next(rhythm: Rhythm) -> dt.datetime:
    return rhythm.next_after(clock.now(), installation().time_zone)


def _chosen(recipient_ids: Iterable[int], board_id: str, by: Viewer) -> list[int]:
    wanted = list(dict.fromkeys(recipient_ids))
    if not wanted or len(wanted) > MOST_RECIPIENTS or not set(wanted) <= set(audience(by, board_id)):
        raise ReportRefused("recipients")
    return wanted


def _board_of(report_id: str) -> str:
    found = BoardReport.objects.filter(public_id=report_id).values_list("dashboard__public_id", flat=True).first()
    if found is None:
        raise ReportRefused("unknown")
    return str(found)


def _own(report_id: str, by: Viewer) -> BoardReport:
    """The report, locked: whoever set it up may steer it, and so may the maker of its dashboard."""
    found = BoardReport.objects.select_for_update(of=("self",)).select_related("dashboard")
    row = found.filter(public_id=report_id).first()
    if row is None or not (by.is_machine or (by.staff_id or 0) in (row.staff_id, row.dashboard.staff_id)):
        raise ReportRefused("unknown")
    return row


def _audit(row: BoardReport, by: Viewer, how: str) -> None:
    detail = {"how": how, "every": row.rhythm, "recipients": list(row.recipient_ids), "report": row.public_id}
    secure.record_audit("report.changed", by=by, about=("dashboard", row.dashboard.public_id), detail=detail)


def _facts(row: BoardReport, viewer: Viewer) -> Report:
    me = viewer.staff_id or 0
    recipients = tuple(row.recipient_ids)
    return Report(
        row.public_id, row.staff_id, recipients, rhythm_of(row), row.is_on, row.next_at,
        is_own=me in (row.staff_id, row.dashboard.staff_id), is_for_me=me in recipients,
    )  # fmt: skip

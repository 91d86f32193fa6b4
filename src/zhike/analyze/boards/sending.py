"""Reports on their way: what is due is laid out once, and each mail is handed over at most once.

A mail is marked `sending` in a transaction of its own before the gateway is called, and what came of it is written after. A
process that dies in between leaves it in `sending`; whoever finds it so says `unknown`, for nobody can tell whether it arrived.
"""

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from zhike.analyze.boards import letters, reports, shelf
from zhike.analyze.models import BoardReport, ReportMail
from zhike.kit import clock, failpoints, jobs
from zhike.kit.installation import installation
from zhike.reach import actions as reach
from zhike.reach.records import Letter, Outcome
from zhike.secure import actions as secure
from zhike.secure import queries as rights
from zhike.secure.records import SYSTEM
from zhike.ui.typeset import PrintFailed

BACK_OFF = tuple(dt.timedelta(minutes=m) for m in (1, 5, 30, 120))
_KEPT = dt.timedelta(days=400)
failpoints.declare("analyze.report_laid_out", "analyze.report_before_call", "analyze.report_called")


def ask_due() -> int:
    """Lay out the reports whose moment has come, each slot once, and ask for the job if mails wait; how many reports.

    A moment missed while the house slept is sent once, the newest.
    """
    due = list(BoardReport.objects.filter(is_on=True, next_at__lte=clock.now()).values_list("pk", flat=True)[:200])
    for report_id in due:
        _lay_out(report_id)
    now = clock.now()
    if ReportMail.objects.filter(state="waiting", due_at__lte=now).exists() or _orphans().exists():
        jobs.enqueue("analyze.send_reports", unique_key="analyze.send_reports")
    return len(due)


def _lay_out(report_id: int) -> None:
    with transaction.atomic():
        row = BoardReport.objects.select_for_update().filter(pk=report_id, is_on=True, next_at__lte=clock.now()).first()
        if row is None:
            return
        rhythm, now, zone = reports.rhythm_of(row), clock.now(), installation().time_zone
        reports.lay_out(row, rhythm.last_until(now, zone))
        row.next_at = rhythm.next_after(now, zone)
        row.save(update_fields=["next_at"])
        row.mails.filter(slot_at__lt=now - _KEPT).delete()
    failpoints.hit("analyze.report_laid_out")


def send_waiting(check: Callable[[], object] = lambda: None) -> dict[str, int]:
    """Take every mail that is due as far as it goes now. Only one job does this at a time."""
    told: dict[str, int] = {}
    orphans = _orphans().update(state="unknown", why="not_back", ended_at=clock.now())
    if orphans:
        told["unknown"] = orphans
    tried: set[int] = set()
    while True:
        waiting = ReportMail.objects.filter(state="waiting", due_at__lte=clock.now()).exclude(pk__in=tried)
        mail_id = waiting.order_by("due_at", "id").values_list("pk", flat=True).first()
        if mail_id is None:
            return told
        tried.add(mail_id)
        check()
        state = _send(mail_id)
        told[state] = told.get(state, 0) + 1


def _orphans() -> QuerySet[ReportMail]:
    """Mails somebody called the gateway for and never came back from; asked only while no job is sending."""
    return ReportMail.objects.filter(state="sending")


def _send(mail_id: int) -> str:
    mail = ReportMail.objects.select_related("report__dashboard").get(pk=mail_id)
    board_id = mail.report.dashboard.public_id
    if why := reports.why_not(mail.staff_id, board_id):
        return _end(mail_id, "waiting", "skipped", why)
    try:
        written = _written(mail.staff_id, board_id)
    except PrintFailed as problem:
        return _end(mail_id, "waiting", "failed", problem.code)
    if not _take(mail_id, board_id):
        return "skipped"
    failpoints.hit("analyze.report_before_call")
    outcome = reach.write_to_colleague(mail.staff_id, written, reference=mail.public_id)
    failpoints.hit("analyze.report_called")
    return _note(mail_id, outcome)


def _written(staff_id: int, board_id: str) -> Letter:
    """The letter in the recipient's language, by the recipient's rights."""
    viewer, person = rights.viewer_of_staff(staff_id), rights.colleague(staff_id)
    board = shelf.board(viewer, board_id)
    assert board is not None and person is not None  # asked just before
    with translation.override(person.locale), timezone.override(installation().time_zone):
        return letters.letter(board, viewer)


def _take(mail_id: int, board_id: str) -> bool:
    """Mark it and write the audit in one transaction, asking the recipient's rights once more: figures leave the house."""
    with transaction.atomic():
        mail = ReportMail.objects.select_for_update(of=("self",)).filter(pk=mail_id, state="waiting").first()
        if mail is None:
            return False
        if why := reports.why_not(mail.staff_id, board_id):
            _end(mail_id, "waiting", "skipped", why)
            return False
        mail.state, mail.why, mail.attempt_count = "sending", "", mail.attempt_count + 1
        mail.save(update_fields=["state", "why", "attempt_count"])
        detail = {"what": "dashboard", "form": "mail", "staff_id": mail.staff_id}
        secure.record_audit("report.sent", by=SYSTEM, about=("dashboard", board_id), detail=detail)
        return True


def _note(mail_id: int, outcome: Outcome) -> str:
    if outcome.kind != "later":
        state = {"bounced": "failed", "refused": "failed"}.get(outcome.kind, outcome.kind)
        return _end(mail_id, "sending", state, "" if state == "sent" else outcome.code[:24] or outcome.kind)
    tries = ReportMail.objects.values_list("attempt_count", flat=True).get(pk=mail_id)
    if tries > len(BACK_OFF):
        return _end(mail_id, "sending", "failed", "gave_up")
    again = clock.now() + BACK_OFF[tries - 1]
    ReportMail.objects.filter(pk=mail_id, state="sending").update(state="waiting", why=outcome.code[:24], due_at=again)
    return "later"


def _end(mail_id: int, was: str, state: str, why: str) -> str:
    ReportMail.objects.filter(pk=mail_id, state=was).update(state=state, why=why, ended_at=clock.now())
    return state

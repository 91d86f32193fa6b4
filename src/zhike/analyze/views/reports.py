"""Reports: a dashboard sent regularly, to whom, when, and what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhike.analyze.boards import reports as door
from zhike.analyze.boards import shelf
from zhike.analyze.boards.reports import Report, ReportRefused
from zhike.analyze.boards.times import Rhythm
from zhike.analyze.boards.words import REPORT_REFUSALS, RHYTHMS, STATES, rhythm_text, why_text
from zhike.reach import queries as reach
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_http_methods(["GET", "POST"])
def reports(request: HttpRequest, public_id: str) -> HttpResponse:
    """The reports of a dashboard and their mails; a POST sets up another one."""
    viewer = _viewer(request)
    if request.method == "POST":
        given = request.POST
        return _done(
            request, public_id, lambda: door.make_report(public_id, _rhythm(given), _recipients(given), by=viewer)
        )
    found = shelf.board(viewer, public_id)
    if found is None:
        raise Http404
    audience = door.audience(viewer, public_id)
    told, mails = door.reports(viewer, public_id), door.history(viewer, public_id)
    named = {one for report in told for one in (*report.recipient_ids, report.staff_id)} | {m.staff_id for m in mails}
    staff = rights.staff_names(sorted(named))
    words = {one.public_id: rhythm_text(one.rhythm) for one in told}
    context = {
        "board": found,
        "choices": [(one, name, one == viewer.staff_id) for one, name in audience.items()],
        "rows": [_row(one, staff, audience) for one in told],
        "mails": [
            {"mail": m, "who": staff.get(m.staff_id, ""), "rhythm": words[m.report_id], "state": STATES[m.state],
             "why": why_text(m.why)}
            for m in mails
        ],
        "rhythms": RHYTHMS,
        "weekdays": WEEKDAYS,
        "hours": [(hour, f"{hour:02d}:00") for hour in range(24)],
        "month_days": range(1, 32),
        "sends": reach.sends(),
        "has_url": bool(reach.public_url()),
        "may_set_up": viewer.can("reach.manage"),
    }  # fmt: skip
    return render(request, "analyze/board_reports.html", context)


@needs("analyze.view")
@require_POST
def steer(request: HttpRequest, public_id: str, report_id: str) -> HttpResponse:
    """Change, pause, go on, send now, end a report; or have oneself no longer written to."""
    by, given = _viewer(request), request.POST
    acts: dict[str, Callable[[], object]] = {
        "change": lambda: door.change_report(report_id, _rhythm(given), _recipients(given), by=by),
        "pause": lambda: door.turn_report(report_id, on=False, by=by),
        "go": lambda: door.turn_report(report_id, on=True, by=by),
        "send": lambda: door.send_now(report_id, by=by),
        "leave": lambda: door.leave_report(report_id, by=by),
        "remove": lambda: door.remove_report(report_id, by=by),
    }
    act = acts.get(given.get("do", ""))
    if act is None:
        raise Http404
    if given.get("do") == "send":
        return _done(request, public_id, act, _("The report is on its way."))
    return _done(request, public_id, act)


def _row(report: Report, staff: dict[int, str], audience: dict[int, str]) -> dict[str, Any]:
    """A report with its names; those who could get it, with those who do marked."""
    everybody = {**{one: staff.get(one, "") for one in report.recipient_ids if one in audience}, **audience}
    return {
        "report": report,
        "when": rhythm_text(report.rhythm),
        "maker": staff.get(report.staff_id, ""),
        "recipients": [staff[one] for one in report.recipient_ids if one in staff],
        "choices": [(one, name, one in report.recipient_ids) for one, name in everybody.items()],
    }


def _rhythm(given: QueryDict) -> Rhythm:
    every = given.get("every", "")
    try:
        day = {"week": "weekday", "month": "month_day"}.get(every)
        return Rhythm(every, int(given.get(day, "")) if day else 0, int(given.get("hour", "")))
    except ValueError:
        raise ReportRefused("rhythm") from None


def _recipients(given: QueryDict) -> list[int]:
    return [int(one) for one in given.getlist("to") if one.isascii() and one.isdecimal() and len(one) < 19]


def _done(request: HttpRequest, public_id: str, act: Callable[[], object], said: str = "") -> HttpResponse:
    try:
        act()
    except ReportRefused as refused:
        if refused.code not in REPORT_REFUSALS:
            raise Http404 from None
        messages.error(request, str(REPORT_REFUSALS[refused.code]))
    else:
        if said:
            messages.success(request, said)
    return redirect(reverse("analyze:board_reports", args=[public_id]))


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]

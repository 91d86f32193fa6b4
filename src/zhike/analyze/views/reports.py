"""Reports: a dashboard sent regularly, to whom, when, and what came of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from zhike.analyze.boards import reports as door
from zhike.analyze.boards import shelf
from zhike.analyze.boards.reports import Report, ReportRefused
from zhike.analyze.boards.times import Rhythm
from zhike.reach import queries as reach
from zhike.reach.queries import words as mail_words
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

RHYTHMS = {
    "day": gettext_lazy("Every day"), "week": gettext_lazy("Every week"), "month": gettext_lazy("Every month"),
}  # fmt: skip
STATES = {
    "waiting": (gettext_lazy("Waiting"), "info"),
    "sending": (gettext_lazy("On its way"), "info"),
    "sent": (gettext_lazy("Sent"), "good"),
    "skipped": (gettext_lazy("Not sent"), "warn"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "unknown": (gettext_lazy("Unknown"), "warn"),
}
WHY = {
    "disabled": gettext_lazy("This colleague no longer works here, or has no role."),
    "no_right": gettext_lazy("Their role may not see analyses, or may not take figures out."),
    "not_shared": gettext_lazy("The dashboard is not shared with them."),
    "no_address": gettext_lazy("There is no address to write to."),
    "sending_off": gettext_lazy("Sending is switched off."),
    "not_back": gettext_lazy("The machine stopped while it was handed over. Nobody knows whether it arrived."),
    "gave_up": gettext_lazy("The mail server did not take it after several tries."),
    "fonts_missing": gettext_lazy("The fonts for printing are not there. Whoever runs the machine builds them anew."),
    "too_slow": gettext_lazy("Setting the PDF took too long."),
    "refused": gettext_lazy("The PDF could not be set."),
}
_REFUSALS = {
    "rhythm": gettext_lazy("Say how often, on which day and at which hour."),
    "recipients": gettext_lazy("Choose at least one colleague who may get this dashboard."),
    "too_many": gettext_lazy("A dashboard has at most 10 reports; end one first."),
}


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


def rhythm_text(rhythm: Rhythm) -> str:
    """When a report goes out, as people say it."""
    at = f"{rhythm.hour:02d}:00"
    if rhythm.every == "week":
        return _("Every %(weekday)s at %(at)s") % {"weekday": WEEKDAYS[rhythm.on_day], "at": at}
    if rhythm.every == "month":
        return _("Every month on day %(day)s at %(at)s") % {"day": rhythm.on_day, "at": at}
    return _("Every day at %(at)s") % {"at": at}


def why_text(code: str) -> str:
    """Why a mail was not sent, or waits; what a gateway answered is told in the words of the outbox."""
    if not code:
        return ""
    return str(WHY[code]) if code in WHY else mail_words.why(code)


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
        if refused.code not in _REFUSALS:
            raise Http404 from None
        messages.error(request, str(_REFUSALS[refused.code]))
    else:
        if said:
            messages.success(request, said)
    return redirect(reverse("analyze:board_reports", args=[public_id]))


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]

"""Pages of the tasks: mine, the queues, everybody's; one task; what is done with one or with many."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.kit.paging import BadPageKey
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.figures import number
from zhike.work import actions, kinds, queries, words
from zhike.work.actions import TaskRefused
from zhike.work.records import NORMAL, TaskFacts, TaskFilter

CUSTOMER = "customer"  # what people make tasks about
PAGE_SIZE = 50
PUT_OFF_DAYS = 7  # what the form proposes
_KEPT = ("tab", "kind", "queue", "owner", "due", "state")


@needs("work.view")
@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    """Tasks by urgency and due day; filters and place in the address."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    wanted = _wanted(request.GET, viewer)
    try:
        page = queries.tasks(
            viewer, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", ""), limit=PAGE_SIZE
        )
    except BadPageKey:
        return redirect(_address(request.GET))
    counts = queries.tab_counts(viewer, wanted)
    context = {
        "page": page,
        "rows": queries.shown(viewer, page.tasks),
        "asked": wanted,
        "tabs": _tabs(request.GET, wanted, counts, viewer),
        "total": number(counts[wanted.tab]),
        "is_narrowed": any(request.GET.get(name) for name in _KEPT if name != "tab"),
        "kinds": [k for k in kinds.kinds() if viewer.can(k.see)],
        "queues": [q for q in kinds.queues() if viewer.can(q.permission)],
        "query": _query(request.GET),
        **_common(viewer, [t.owner_staff_id for t in page.tasks] + [t.closed_by_staff_id for t in page.tasks]),
    }
    return render(request, "work/tasks.html", context)


@needs("work.view")
@require_GET
def task(request: HttpRequest, public_id: str) -> HttpResponse:
    """One task: what it asks for and why, and all that can be done with it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = queries.task(viewer, public_id)
    if found is None:
        raise Http404
    (row,) = queries.shown(viewer, [found])
    context = {
        "row": row,
        "is_mine": found.owner_staff_id is not None and found.owner_staff_id == viewer.staff_id,
        "back": request.GET.get("back", ""),
        "put_off_until": clock.today(installation().time_zone) + dt.timedelta(days=PUT_OFF_DAYS),
        **_common(viewer, [found.owner_staff_id, found.closed_by_staff_id]),
    }
    part = "work/task.html#card" if request.headers.get("HX-Request") else "work/task.html"
    return render(request, part, context)


@needs("work.note")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a task in one's own words: about a customer or nothing, for oneself, a colleague or a queue."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    given, problem = request.POST or request.GET, ""
    named = given.get("about", "")[:64]
    about_id = kinds.find_about(viewer, CUSTOMER, named)
    if request.method == "POST":
        try:
            made = _made(given, named, about_id, viewer)
        except TaskRefused as refusal:
            problem = _refusal(refusal)
        else:
            messages.success(request, _("The task is on the list."))
            about = kinds.abouts(viewer, CUSTOMER, [about_id]) if about_id else {}
            on_file = about.get(about_id or 0) if given.get("from") == "file" else None
            return redirect(on_file.url if on_file else reverse("work:task", args=[made.public_id]))
    context = {
        "given": given,
        "problem": problem,
        "about": kinds.abouts(viewer, CUSTOMER, [about_id]).get(about_id) if about_id else None,
        "queues": kinds.queues(),
        "today": clock.today(installation().time_zone),
        "priority": given.get("priority", "2"),
        **_common(viewer, []),
    }
    return render(request, "work/new.html", context, status=422 if problem else 200)


def _made(given: QueryDict, named: str, about_id: int | None, viewer: Viewer) -> TaskFacts:
    """The task a form asks for. Whom it is for: `staff:N`, `queue:code`, or nothing for oneself."""
    if named.strip() and about_id is None:
        raise TaskRefused("unknown_about")
    kind, _colon, to = given.get("to", "").partition(":")
    try:
        due_on = dt.date.fromisoformat(given.get("due_on", "")) if given.get("due_on") else None
    except ValueError:
        raise TaskRefused("day_gone") from None
    return actions.make_task(
        given.get("words", ""),
        by=viewer,
        about=(CUSTOMER, about_id) if about_id else None,
        owner_staff_id=int(to) if kind == "staff" and to.isdecimal() and len(to) < 19 else None,
        queue=to[:24] if kind == "queue" else "",
        due_on=due_on,
        priority=int(given.get("priority", "")) if given.get("priority", "") in ("1", "2", "3") else NORMAL,
    )


@needs("work.note")
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note what came of a task; it leaves the lists."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    _must_see(viewer, public_id)
    try:
        actions.finish_task(public_id, request.POST.get("outcome", ""), request.POST.get("note", ""), by=viewer)
    except ValueError as refusal:
        messages.error(request, _refusal(refusal))
    else:
        messages.success(request, _("Noted."))
    return _back(request)


@needs("work.view")
@require_POST
def give(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take a task, give it to somebody, or give it back to its queue."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    _must_see(viewer, public_id)
    _give(request, [public_id], viewer)
    return _back(request)


@needs("work.note")
@require_POST
def put_off(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a task out of sight until a day."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    _must_see(viewer, public_id)
    _put_off(request, [public_id], viewer)
    return _back(request)


@needs("work.view")
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Take, give or put off the tasks selected."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    chosen = request.POST.getlist("selected")
    if request.POST.get("act") == "put_off":
        _put_off(request, chosen, viewer)
    else:
        _give(request, chosen, viewer)
    return _back(request)


def _give(request: HttpRequest, chosen: list[str], viewer: Viewer) -> None:
    to = request.POST.get("to", "")
    staff_id = viewer.staff_id if request.POST.get("act") == "take" else int(to) if to.isdecimal() else None
    try:
        moved = actions.assign_tasks(chosen, staff_id, by=viewer)
    except ValueError as refusal:
        messages.error(request, _refusal(refusal))
        return
    if staff_id is None:
        said = ngettext("%(n)s task is back in its queue.", "%(n)s tasks are back in their queues.", moved)
    elif staff_id == viewer.staff_id:
        said = ngettext("%(n)s task is yours.", "%(n)s tasks are yours.", moved)
    else:
        said = ngettext("%(n)s task given to %(who)s.", "%(n)s tasks given to %(who)s.", moved)
    messages.success(request, said % {"n": moved, "who": secure.staff_names([staff_id or 0]).get(staff_id or 0, "")})


def _put_off(request: HttpRequest, chosen: list[str], viewer: Viewer) -> None:
    try:
        until = dt.date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        messages.error(request, str(words.REFUSALS["past"]))
        return
    try:
        count = actions.postpone_tasks(chosen, until, by=viewer)
    except ValueError as refusal:
        messages.error(request, _refusal(refusal))
    else:
        said = ngettext("%(n)s task put off until %(day)s.", "%(n)s tasks put off until %(day)s.", count)
        messages.success(request, said % {"n": count, "day": until.isoformat()})


def _must_see(viewer: Viewer, public_id: str) -> None:
    if queries.task(viewer, public_id) is None:
        raise Http404


def _refusal(refusal: ValueError) -> str:
    return str(words.REFUSALS.get(getattr(refusal, "code", ""), _("This cannot be noted.")))


def _wanted(given: QueryDict, viewer: Viewer) -> TaskFilter:
    def one(name: str, allowed: Any) -> Any:
        value = given.get(name, "")
        return value if value in allowed else ""

    owner = given.get("owner", "")
    tab: Any = one("tab", words.TABS) or "mine"
    return TaskFilter(
        tab=tab if tab != "all" or _sees_all(viewer) else "mine",
        kind=given.get("kind", "")[:24],
        queue=given.get("queue", "")[:24],
        owner=int(owner) if owner.isdecimal() and len(owner) < 19 and tab == "all" else None,
        due=one("due", words.DUES),
        state=one("state", words.STATES),
    )


def _sees_all(viewer: Viewer) -> bool:
    return viewer.can("work.assign")


def _tabs(given: QueryDict, wanted: TaskFilter, counts: dict[str, int], viewer: Viewer) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": _address(given, tab=code), "count": counts[code], "current": code == wanted.tab}
        for code, label in words.TABS.items()
        if code != "all" or _sees_all(viewer)
    ]


def _query(given: QueryDict, **changes: str) -> str:
    kept = QueryDict(mutable=True)
    for name in _KEPT:
        if value := changes.get(name, given.get(name, "")):
            kept[name] = value
    return kept.urlencode()


def _address(given: QueryDict, **changes: str) -> str:
    query = _query(given, **changes)
    return reverse("work:tasks") + (f"?{query}" if query else "")


def _common(viewer: Viewer, staff_ids: list[int | None]) -> dict[str, Any]:
    may_give = viewer.can("work.assign")
    return {
        "staff": secure.staff_names([i for i in staff_ids if i is not None]),
        "people": secure.staff_who_can("work.view") if may_give else {},
        "may_give": may_give,
        "may_note": viewer.can("work.note"),
        "may_take": viewer.staff_id is not None,
        "dues": words.DUES,
        "states": words.STATES,
        "priorities": words.PRIORITIES,
        "priority_tones": words.PRIORITY_TONES,
        "closed_words": words.CLOSED,
    }


def _back(request: HttpRequest) -> HttpResponse:
    """To the list as it stood, or to the page of ours the form came from."""
    given = QueryDict(request.POST.get("back", "")[:400])
    return redirect(_address(given))

"""Keeping periods: the classes, a preview, the run after a confirmation by name, holds, what was done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.customers import queries as customers
from zhike.protect.keeping import actions
from zhike.protect.keeping.actions import KeepingRefused
from zhike.protect.keeping.classes import CLASSES, HELD_WORDS, OTHERS, periods
from zhike.protect.models import KeepingHold, KeepingRun
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import SYSTEM

REFUSALS: dict[str, Promise] = {
    "days": gettext_lazy("The period lies between the least the law asks and 100 years."),
    "reason": gettext_lazy("Say why the file is held."),
    "nobody": gettext_lazy("There is no file of this number."),
    "not_previewed": gettext_lazy("This preview was used already, or is not done yet."),
    "too_old": gettext_lazy("This preview is older than a day: make a new one."),
    "name": gettext_lazy("Type the name of the class exactly as it stands there."),
    "unknown": gettext_lazy("This was ended already."),
}
STATES: dict[str, Promise] = {
    "previewing": gettext_lazy("Counting"),
    "previewed": gettext_lazy("Previewed"),
    "running": gettext_lazy("Erasing"),
    "done": gettext_lazy("Done"),
}


@needs("keeping.manage")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The classes with their periods, holds, and the log of previews and runs."""
    runs = list(KeepingRun.objects.order_by("-pk")[:30])
    holds = list(KeepingHold.objects.filter(ended_at=None).order_by("-pk")[:200])
    files = customers.lines(SYSTEM, [h.customer_id for h in holds])
    who = {r.by_staff_id for r in runs if r.by_staff_id} | {h.by_staff_id for h in holds if h.by_staff_id}
    context = {
        "periods": periods().values(),
        "others": OTHERS,
        "runs": [(r, CLASSES[r.code].label, STATES[r.state]) for r in runs if r.code in CLASSES],
        "holds": [(h, files[h.customer_id].number if h.customer_id in files else "–") for h in holds],
        "names": secure.staff_names(sorted(who)),
    }
    return render(request, "protect/keeping.html", context)


@needs("keeping.manage")
@require_POST
def period(request: HttpRequest, kept_class: str) -> HttpResponse:
    """Change how long a class is kept."""
    typed = request.POST.get("days", "")
    try:
        days = int(typed) if typed.isdecimal() and len(typed) < 8 else 0
        actions.change_period(kept_class, days, is_nightly="nightly" in request.POST, by=request.viewer)  # type: ignore[attr-defined]
        messages.success(request, _("The period is changed."))
    except KeepingRefused as refusal:
        _tell(request, refusal)
    return redirect("protect:keeping")


@needs("keeping.manage")
@require_POST
def preview(request: HttpRequest, kept_class: str) -> HttpResponse:
    """Ask what would go."""
    try:
        made = actions.preview(kept_class, by=request.viewer)  # type: ignore[attr-defined]
    except KeepingRefused:
        raise Http404 from None
    return redirect("protect:keeping_run", made.public_id)


@needs("keeping.manage")
@require_http_methods(["GET", "POST"])
def run(request: HttpRequest, public_id: str) -> HttpResponse:
    """A preview with its counts and some file numbers; typed by name, it is carried out."""
    found = KeepingRun.objects.filter(public_id=public_id).first()
    if found is None or found.code not in CLASSES:
        raise Http404
    if request.method == "POST":
        try:
            actions.start(public_id, request.POST.get("name", ""), by=request.viewer)  # type: ignore[attr-defined]
        except KeepingRefused as refusal:
            _tell(request, refusal)
        return redirect("protect:keeping_run", public_id)
    if getattr(request, "htmx", False) and found.state in (KeepingRun.PREVIEWED, KeepingRun.DONE):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {
        "run": found,
        "kept": CLASSES[found.code],
        "state": STATES[found.state],
        "moving": found.state in (KeepingRun.PREVIEWING, KeepingRun.RUNNING),
        "held": [(HELD_WORDS.get(code, code), count) for code, count in found.held.items()],
    }
    return render(request, "protect/keeping_run.html", context)


@needs("keeping.manage")
@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Hold a file by its number."""
    try:
        actions.hold(request.POST.get("number", "")[:24], request.POST.get("reason", ""), by=request.viewer)  # type: ignore[attr-defined]
        messages.success(request, _("The file stays, whatever its period."))
    except KeepingRefused as refusal:
        _tell(request, refusal)
    return redirect("protect:keeping")


@needs("keeping.manage")
@require_POST
def end_hold(request: HttpRequest, hold_id: int) -> HttpResponse:
    """Let a held file go its way again."""
    try:
        actions.end_hold(hold_id, by=request.viewer)  # type: ignore[attr-defined]
        messages.success(request, _("The hold is ended."))
    except KeepingRefused as refusal:
        _tell(request, refusal)
    return redirect("protect:keeping")


def _tell(request: HttpRequest, refusal: KeepingRefused) -> None:
    messages.error(request, str(REFUSALS[refusal.code]))

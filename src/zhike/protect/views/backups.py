"""Backups: how old the last proven one is, run one now, drill one now, what happened."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.kit.home import home
from zhike.kit.jobs import enqueue
from zhike.protect import backups, history
from zhike.protect.faults import WORDS
from zhike.secure.permissions import needs


@require_GET
@needs("backup.manage")
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    runs = [
        (run, (str(WORDS[run.code]) % run.detail) if run.code in WORDS and run.detail else run.code)
        for run in history.recent()
    ]
    context = {
        "standing": history.standing(),
        "runs": runs,
        "folder": backups.folder(),
        "identity": home() / "keys" / "backup.key",
        "kept_days": backups.DAYS_KEPT,
        "kept_hourly": backups.HOURLY_KEPT,
    }
    return render(request, "protect/backups.html", context)


@require_POST
@needs("backup.manage")
def run(request: HttpRequest) -> HttpResponse:
    """Ask for a backup now."""
    enqueue("protect.backup", unique_key="protect.backup.now", by=request.viewer, always=True, staff_id=request.user.pk)  # type: ignore[attr-defined]
    messages.success(request, _("The backup is on its way; it appears below when it is done."))
    return redirect("protect:backups")


@require_POST
@needs("backup.manage")
def drill(request: HttpRequest) -> HttpResponse:
    """Ask for a restore drill now."""
    enqueue("protect.drill", unique_key="protect.drill", by=request.viewer, staff_id=request.user.pk)  # type: ignore[attr-defined]
    messages.success(request, _("The drill is on its way; its result appears below."))
    return redirect("protect:backups")

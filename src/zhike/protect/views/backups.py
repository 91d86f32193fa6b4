"""Backups: how old the last proven one is, run one now, drill one now, what happened."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.kit.home import home
from zhike.kit.jobs import enqueue
from zhike.protect import backups, history, keyring_copies
from zhike.protect.faults import WORDS, BackupFault
from zhike.secure.permissions import Forbidden, needs


@require_GET
@needs("backup.manage")
def index(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _page(request)


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
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
        "copies_to": keyring_copies.configured_folders(),
        "may_copy": _is_owner(request),
        "shortest": keyring_copies.SHORTEST_PASSPHRASE,
        "problem": problem,
    }
    return render(request, "protect/backups.html", context, status=status)


@require_POST
@needs("backup.manage")
def keyring(request: HttpRequest) -> HttpResponse:
    """An owner writes a keyring copy into the configured folders. It is never handed to a browser."""
    if not _is_owner(request):
        raise Forbidden("staff.owner")
    folders, passphrase = keyring_copies.configured_folders(), request.POST.get("passphrase", "")
    try:
        if not folders:
            raise BackupFault("no_folder")
        if "confirm" not in request.POST:
            raise BackupFault("not_confirmed")
        if passphrase != request.POST.get("again", ""):
            raise BackupFault("passphrases_differ")
        keyring_copies.make(by=request.viewer, to=folders, passphrase=passphrase)  # type: ignore[attr-defined]
    except BackupFault as fault:
        return _page(request, problem=fault.words(), status=422)
    messages.success(request, _("The keyring was copied."))
    return redirect("protect:backups")


def _is_owner(request: HttpRequest) -> bool:
    return "owner" in request.viewer.role_codes  # type: ignore[attr-defined]


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

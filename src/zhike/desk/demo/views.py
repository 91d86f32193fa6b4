"""The page of the demo shop: what it is, loading it, its accounts, and its removal."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.desk.demo import accounts, presence
from zhike.kit import jobs
from zhike.kit.jobs import reading
from zhike.kit.models import Job
from zhike.secure import actions as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

CUSTOMERS, SEED = 600, 7
CONFIRM = "demo"  # what is typed to remove it, in every language
_JOBS = ("desk.load_demo", "desk.remove_demo")
_MOVING = ("queued", "running")


@needs("demo.manage")
@require_GET
def demo(request: HttpRequest) -> HttpResponse:
    """What the demo shop is, and how it stands; htmx asks for the state while it comes or goes."""
    template = "desk/demo.html#state" if request.htmx else "desk/demo.html"  # type: ignore[attr-defined]
    return render(request, template, _context(request.viewer))  # type: ignore[attr-defined]


@needs("demo.manage")
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Have it loaded; not beside real customers, not twice."""
    if _moving(_newest()):
        return redirect("desk:demo")
    if presence.is_here():
        messages.info(request, _("The demo shop is here already."))
    elif presence.others_count():
        messages.error(request, _("There are real customers here. Demo data belongs elsewhere."))
    else:
        jobs.enqueue(_JOBS[0], unique_key="desk.demo", by=request.viewer, customers=CUSTOMERS, seed=SEED)  # type: ignore[attr-defined]
    return redirect("desk:demo")


@needs("demo.manage")
@require_POST
def show_accounts(request: HttpRequest) -> HttpResponse:
    """The made accounts with their passwords, once and to the owner only: the file with them is deleted."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not _is_owner(viewer):
        raise Http404
    rows = accounts.kept()
    if not rows:
        messages.info(request, _("The passwords were shown before; they are kept nowhere."))
        return redirect("desk:demo")
    secure.record_audit("demo.accounts_shown", by=viewer, detail={"accounts": len(rows)})
    answer = render(request, "desk/demo.html", {**_context(viewer), "accounts": rows, "may_show": False})
    accounts.forget_passwords()
    answer["Cache-Control"] = "no-store"
    return answer


@needs("demo.manage")
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Have it taken away again; its name is asked for."""
    if request.POST.get("confirm_name", "").strip() != CONFIRM:
        messages.error(request, _("Type “%(name)s” to remove the demo shop.") % {"name": CONFIRM})
    elif _analysis() is not None:
        messages.info(request, _("An analysis is running. Remove the demo shop when it is done."))
    elif not _moving(_newest()) and presence.is_here():
        jobs.enqueue(_JOBS[1], unique_key="desk.demo", by=request.viewer)  # type: ignore[attr-defined]
    return redirect("desk:demo")


def _context(viewer: Viewer) -> dict[str, Any]:
    job, is_here = _newest(), presence.is_here()
    moving = _moving(job)
    if is_here and not moving and (analysis := _analysis()) is not None:
        job, moving = analysis, True  # the first analysis ends the loading; removal waits for it
    return {
        "job": job,
        "moving": moving,
        "failed": job is not None and job.state == "failed",
        "is_here": is_here and not moving,
        "others": 0 if is_here or moving else presence.others_count(),
        "may_show": is_here and not moving and _is_owner(viewer) and bool(accounts.kept()),
        "customers": CUSTOMERS,
        "confirm": CONFIRM,
    }


def _newest() -> reading.JobView | None:
    newest = Job.objects.filter(name__in=_JOBS).order_by("-id").values_list("id", flat=True).first()
    return reading.one(newest)


def _analysis() -> reading.JobView | None:
    """The analysis that waits or runs now: what it reads must not be taken away under it."""
    newest = Job.objects.filter(lane="analysis", state__in=_MOVING).order_by("id").values_list("id", flat=True).first()
    return reading.one(newest)


def _moving(job: reading.JobView | None) -> bool:
    return job is not None and job.state in _MOVING


def _is_owner(viewer: Viewer) -> bool:
    return "owner" in viewer.role_codes

"""Health for whoever watches this installation, and the jobs page."""

import hmac
import os
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.kit import gauges
from zhike.kit.checks import run_checks
from zhike.kit.jobs import queue, reading
from zhike.kit.models import Job
from zhike.secure.permissions import needs, public

_ACTS = {"pause": queue.pause, "resume": queue.resume, "cancel": queue.cancel, "retry": queue.retry}
_PAGE_SIZE = 50


@public
@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is looked at."""
    return JsonResponse({"ok": True})


@public
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    """Whether everything vital works: names and ok or failing, nothing more. Status 503 when something fails."""
    findings = run_checks(only_vital=True)
    checks = {name: "failing" if finding.state == "failed" else "ok" for name, finding in findings.items()}
    is_ready = "failing" not in checks.values()
    return JsonResponse({"ok": is_ready, "checks": checks}, status=200 if is_ready else 503)


@public
@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus: for whoever shows ZHIKE_METRICS_TOKEN; without one, for this machine alone."""
    if not _may_watch(request):
        return HttpResponse("see docs/how-to/watch.md\n", status=403, content_type="text/plain")
    return HttpResponse(gauges.exposition(), content_type=gauges.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


@needs("jobs.view")
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """Background jobs, newest first, with what can be done about each."""
    return render(request, "kit/jobs.html", _listed(request))


@needs("jobs.view")
@require_GET
def jobs_list(request: HttpRequest) -> HttpResponse:
    """The list alone, which refreshes itself while something waits; running jobs tell their own progress."""
    return render(request, "kit/jobs_list.html", _listed(request))


@needs("jobs.view")
@require_GET
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The progress of one running job, asked every second; once it runs no longer the page is loaded anew."""
    job = reading.one(job_id)
    if job is None or job.state != Job.RUNNING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "kit/job_progress.html", {"job": job})


@needs("")
@require_GET
def jobs_running(request: HttpRequest) -> HttpResponse:
    """For the top bar: what runs now; empty for those who may not see jobs, and when all is still."""
    may_see = request.viewer.can("jobs.view")  # type: ignore[attr-defined]
    return render(request, "kit/jobs_running.html", {"jobs": reading.running() if may_see else []})


@needs("jobs.manage")
@require_POST
def steer(request: HttpRequest, job_id: int, act: str) -> HttpResponse:
    """Pause, resume, cancel or retry one job."""
    if act not in _ACTS or not Job.objects.filter(id=job_id).exists():
        raise Http404
    if not _ACTS[act](job_id):
        messages.warning(request, _("The job is no longer in a state for this."))
    return redirect("kit:jobs")


def _may_watch(request: HttpRequest) -> bool:
    token = os.environ.get("ZHIKE_METRICS_TOKEN", "")
    if token:
        return hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode())
    # A proxy on this machine makes everybody look local: whatever came through one is refused.
    is_forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"))
    return not is_forwarded and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")


def _listed(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("state", "")
    states = [Job.QUEUED, Job.RUNNING, Job.PAUSED, Job.DONE, Job.FAILED, Job.CANCELLED]
    before = request.GET.get("before", "")
    found = reading.newest(
        state=state if state in states else None,
        limit=_PAGE_SIZE + 1,
        before_id=int(before) if before.isdecimal() and len(before) < 19 else None,
    )
    shown = found[:_PAGE_SIZE]
    return {
        "jobs": shown,
        "state": state,
        "views": _tabs(state),
        "older": shown[-1].id if len(found) > _PAGE_SIZE else None,
        "is_waiting": any(job.state == Job.QUEUED for job in shown),
    }


def _tabs(state: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), "running": _("Running"), "queued": _("Waiting"), "failed": _("Failed"), "done": _("Done")}
    return [
        {"label": label, "url": f"?state={code}" if code else "?", "current": code == state}
        for code, label in labels.items()
    ]

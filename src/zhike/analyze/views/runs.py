"""Runs: their history, a new one, how far it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from zhike.analyze import actions, queries, rfm_page, words
from zhike.analyze.forms import RunForm
from zhike.analyze.parameters import RfmParameters
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.kit.models import Job
from zhike.secure.permissions import needs

_PAGE = 30


@needs("analyze.view")
@require_GET
def runs(request: HttpRequest) -> HttpResponse:
    """All runs, newest first."""
    place = request.GET.get("after", "")
    found = queries.runs(before_id=int(place) if place.isdecimal() else None, limit=_PAGE + 1)
    more, found = len(found) > _PAGE, found[:_PAGE]
    context = {
        "rows": [rfm_page.summary(run) for run in found],
        "page": {"next_key": found[-1].id if more else None, "previous_key": None},
        "running": queries.running(),
        "may_run": request.viewer.can("analyze.run"),  # type: ignore[attr-defined]
    }
    return render(request, "analyze/runs.html", context)


@needs("analyze.run")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Ask for a run with parameters; filled in with those of the last one."""
    last = queries.latest_run()
    parameters = RfmParameters.from_json(dict(last.parameters)) if last else RfmParameters()
    initial = RunForm.initial_of(parameters, clock.today(installation().time_zone))
    form = RunForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.request_run(form.parameters(), as_of=form.cleaned_data["as_of"], by=request.viewer)  # type: ignore[attr-defined]
        return redirect("analyze:rfm")
    return render(request, "analyze/new_run.html", {"form": form}, status=422 if form.errors else 200)


@needs("analyze.view")
@require_GET
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """The fragment that follows a run; when it is over, the page loads anew."""
    run = queries.run(public_id)
    if run is None:
        raise Http404
    job = Job.objects.filter(id=run.job_id or 0).first()
    if run.state not in ("queued", "running") or job is None or job.state not in (Job.QUEUED, Job.RUNNING, Job.PAUSED):
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "analyze/progress.html", {"running": run, "job": job, "step": words.STEPS.get(job.note, "")})

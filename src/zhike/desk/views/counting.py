"""Counting a list to its end: a job counts, the pager shows the number."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from zhike.desk import actions, asking
from zhike.desk.models import ExactCount
from zhike.kit.jobs import reading
from zhike.secure.permissions import needs


@needs("customers.view")
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """Ask for the exact count of a list."""
    query = asking.canonical(QueryDict(request.POST.get("query", "")[:2000]))
    counted = actions.count_exactly(query, by=request.viewer)  # type: ignore[attr-defined]
    return _shown(request, counted)


@needs("customers.view")
@require_GET
def counted(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far one's count is; htmx asks while it moves."""
    found = ExactCount.objects.filter(public_id=public_id, staff_id=request.viewer.staff_id or 0).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return _shown(request, found)


def _shown(request: HttpRequest, found: ExactCount) -> HttpResponse:
    job = reading.one(found.job_id)
    failed = found.number is None and (job is None or job.state in ("failed", "cancelled"))
    context = {"counted": found, "failed": failed, "back": f"{reverse('desk:register')}?{found.query}"}
    if request.method == "POST" and not request.htmx:  # type: ignore[attr-defined]
        return redirect("desk:counted", found.public_id)
    return render(request, "desk/counted.html#number" if request.htmx else "desk/counted.html", context)  # type: ignore[attr-defined]

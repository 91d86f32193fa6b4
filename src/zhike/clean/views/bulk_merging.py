"""Merging many at once: from which weight on, what it would do, how far it is, and taking it back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean import words_of_pairs as words
from zhike.clean.actions import bulk_merging as do
from zhike.clean.actions.duplicates import PairRefused
from zhike.clean.queries import duplicates as asked
from zhike.kit.jobs import reading
from zhike.secure.permissions import needs

STEPS = (20.0, 15.0, 12.0, 10.0, 8.0, 6.0)
LEFT: dict[str, Promise] = {
    "against": _("something speaks against it: another name, birthday or sex"),
    "chain": _("the group holds two that are not alike by themselves"),
    "conflict": _("several files share the identifier"),
    "two_verified": _("both were confirmed by contact: a person decides"),
    "settled": _("somebody said that they are not one"),
    "meanwhile": _("decided, merged or changed meanwhile"),
    "kinds": _("a person and an organization"),
}


@needs("clean.run")
@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest) -> HttpResponse:
    """How many would be merged from each weight on, the first of them, and the button."""
    at_least = _weight(request)
    if request.method == "POST":
        try:
            return redirect("clean:bulk_merge_progress", do.start_bulk_merge(at_least, by=request.viewer))  # type: ignore[attr-defined]
        except PairRefused as refused:
            messages.error(request, words.refusal(refused))
    waiting = do.waiting_from(do.LOWEST)
    verified = do.verified_among(waiting)
    sure, left = do.surely_one(at_least, waiting, verified)
    first = [one for one in (asked.pair(request.viewer, p.public_id) for p in sure[:20]) if one]  # type: ignore[attr-defined]
    context = {
        "at_least": at_least,
        "steps": [(step, len(do.surely_one(step, waiting, verified)[0]), 1 / (1 + 2.0**-step)) for step in STEPS],
        "sure": len(sure),
        "left": [(LEFT.get(reason, reason), count) for reason, count in left.most_common()],
        "first": first,
        "bulks": asked.bulks(),
    }
    return render(request, "clean/bulk.html", context)


@needs("clean.run")
@require_GET
def progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """How far a bulk is, and what came of it."""
    made = asked.bulk(public_id)
    if made is None:
        raise Http404
    job = reading.one(made.job_id) if made.job_id else None
    moving = job is not None and job.state in ("queued", "running", "paused")
    left = [
        (LEFT.get(code.removeprefix("left_"), code), count)
        for code, count in made.counts.items()
        if code.startswith("left_")
    ]
    context = {"made": made, "job": job, "moving": moving, "left": left}
    template = "clean/bulk_progress.html#state" if getattr(request, "htmx", False) else "clean/bulk_progress.html"
    return render(request, template, context)


@needs("clean.run")
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take every merge of a bulk apart."""
    try:
        do.start_undo(public_id, by=request.viewer)  # type: ignore[attr-defined]
    except PairRefused as refused:
        messages.error(request, words.refusal(refused))
    return redirect("clean:bulk_merge_progress", public_id)


def _weight(request: HttpRequest) -> float:
    given = request.POST.get("at_least", "") or request.GET.get("at_least", "")
    try:
        return max(float(given), do.LOWEST)
    except ValueError:
        return 10.0

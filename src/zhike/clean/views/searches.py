"""Searches for duplicates: asking for one, those there were, the model, and how right its weights have proved."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.clean import words_of_pairs as words
from zhike.clean.actions import duplicates as do
from zhike.clean.match.sentences import LABELS, SENTENCES
from zhike.clean.queries import duplicates as asked
from zhike.secure.permissions import needs
from zhike_analytics.linkage.parameters import FALLBACK, Parameters


@needs("clean.run")
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Ask for a search over the whole base."""
    do.start_search(by=request.viewer, learn=request.POST.get("learn") == "1")  # type: ignore[attr-defined]
    messages.success(request, _("The search has begun. What it finds appears here."))
    return redirect("clean:duplicates")


@needs("clean.view")
@require_GET
def searches(request: HttpRequest) -> HttpResponse:
    """The newest searches, what the model weighs, and what people decided by weight."""
    model = asked.latest_model()
    parameters = Parameters.from_json(model.parameters) if model else FALLBACK
    context = {
        "runs": [(run, words.capped(run)) for run in asked.runs()],
        "model": model,
        "weights": [
            {
                "label": LABELS[code],
                "levels": [(SENTENCES[code, level], f"{parameters.weight(code, level):+.1f}") for level in own],
            }
            for code, own in parameters.levels.items()
        ],
        "bands": asked.reviewed_by_weight(),
        "may_run": request.viewer.can("clean.run"),  # type: ignore[attr-defined]
    }
    return render(request, "clean/searches.html", context)

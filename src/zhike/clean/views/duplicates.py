"""The queue of pairs that may be one customer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.secure.permissions import needs


@needs("clean.view")
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs that wait for a decision, the likeliest first."""
    return render(request, "clean/duplicates.html", {})

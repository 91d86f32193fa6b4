"""Migrations out of a former system: the list of them, and one with its files, figures and signature."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.collect import actions, queries
from zhike.collect.forms import ProjectForm
from zhike.collect.reasons import STATES, reason_text
from zhike.collect.records import ProjectFacts
from zhike.collect.telling import KINDS
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

LABELS: dict[str, Promise] = {
    "customers": gettext_lazy("Customers"),
    "orders": gettext_lazy("Orders"),
    "total_cents": gettext_lazy("Sum of the orders"),
    "net_cents": gettext_lazy("Revenue"),
    "lines": gettext_lazy("Order lines"),
    "items": gettext_lazy("Pieces sold"),
    "products": gettext_lazy("Products"),
    "cases": gettext_lazy("After-sale cases"),
    "cases_cents": gettext_lazy("Sum of the after-sale cases"),
    "tags": gettext_lazy("Tags on customers"),
    "rejected_rows": gettext_lazy("Rows kept out"),
}


@needs("collect.view")
@require_GET
def migrations(request: HttpRequest) -> HttpResponse:
    """All migrations, newest first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {"rows": queries.projects(), "may": viewer.can("collect.import")}
    return render(request, "collect/migrations.html", context)


@needs("collect.import")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a migration."""
    form = ProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        public_id = actions.open_project(**form.cleaned_data, by=request.viewer)  # type: ignore[attr-defined]
        return redirect("collect:migration", public_id)
    return render(request, "collect/migration_new.html", {"form": form})


@needs("collect.view")
@require_GET
def migration(request: HttpRequest, public_id: str) -> HttpResponse:
    """One migration: how it was taken out, its files, the figures side by side, the signature."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    project = _project(public_id)
    runs = queries.runs_of_project(project.id)
    context = {
        "project": project,
        "runs": [(run, STATES.get(run.state, run.state)) for run in runs],
        "kinds": KINDS,
        "figures": [_figure(name, project, [run.public_id for run in runs]) for name in actions.FIGURES],
        "currency": installation().currency,
        "people": secure.staff_names(),
        "is_open": project.state == "open",
        "may": viewer.can("collect.import"),
        "may_sign": viewer.can("collect.undo"),
    }
    return render(request, "collect/migration.html", context)


@needs("collect.import")
@require_POST
def expect(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep the figures of the former system and count ours."""
    expected: dict[str, int] = {}
    for name in actions.FIGURES:
        text = request.POST.get(name, "").replace(",", "").replace(" ", "").strip()
        try:
            if text:
                expected[name] = int(Decimal(text) * (100 if name.endswith("_cents") else 1))
        except (InvalidOperation, ValueError, OverflowError):
            messages.error(request, _("“%(text)s” is no figure.") % {"text": text[:40]})
            return redirect("collect:migration", public_id)
    return _done(request, public_id, actions.expect_figures, expected)


@needs("collect.undo")
@require_POST
def sign(request: HttpRequest, public_id: str) -> HttpResponse:
    """Sign the migration off."""
    return _done(request, public_id, actions.sign_off, note=request.POST.get("note", ""))


def _done(request: HttpRequest, public_id: str, act: Any, *given: Any, **named: Any) -> HttpResponse:
    _project(public_id)
    try:
        act(public_id, *given, **named, by=request.viewer)  # type: ignore[attr-defined]
    except actions.ImportRefused as refused:
        messages.error(request, reason_text(refused.code, refused.params))
    return redirect("collect:migration", public_id)


def _figure(name: str, project: ProjectFacts, runs: list[str]) -> dict[str, Any]:
    """A figure side by side: typed in, found, how far apart; money in the shop's currency."""
    expected, found = project.expected.get(name), project.found.get(name)
    apart = found - expected if expected is not None and found is not None else None
    typed = "" if expected is None else f"{expected / 100:.2f}" if name.endswith("_cents") else str(expected)
    pages = {"customers": "desk:register", "orders": "shop:orders", "products": "shop:products", "cases": "shop:cases"}
    return {
        "name": name,
        "label": LABELS[name],
        "typed": typed,
        "found": found,
        "apart": apart,
        "is_money": name.endswith("_cents"),
        "address": reverse(pages[name]) if name in pages and runs else "",
    }


def _project(public_id: str) -> ProjectFacts:
    found = queries.project(public_id)
    if found is None:
        raise Http404
    return found

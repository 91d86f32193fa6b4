"""Data quality: the board, the customers behind its figures, the catalogue of rules."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.clean.actions import quality as acts
from zhike.clean.quality import board
from zhike.clean.quality.rule_form import REFUSALS, STAGE_WORDS, RuleForm
from zhike.clean.quality.rules import CHECK_WORDS, SEVERITIES, WITH_THRESHOLD, Rule
from zhike.clean.queries import quality as asked
from zhike.clean.queries.truth import with_accuracy as collectors
from zhike.clean.queries.verification import accuracies
from zhike.customers import queries as customers
from zhike.kit.jobs import reading
from zhike.secure import fields
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_PAGE = 50
_LOOKED_AT = 400  # rows of a result looked at for one page, for those who see only some customers


@needs("quality.view")
@require_GET
def quality(request: HttpRequest) -> HttpResponse:
    """How complete, valid, unique, timely and consistent the files are, field by field."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    newest = asked.latest()
    context = {"job": reading.at_work("clean.measure_quality"), "may_manage": viewer.can("quality.manage")}
    if newest is None:
        return render(request, "clean/quality_empty.html", context)
    by, group = request.GET.get("by", ""), request.GET.get("group", "")
    if by not in board.GROUPINGS or not group.isdecimal():
        by = group = ""
    sources, people = accuracies()
    told = {"source": {a.checked.id: a for a in sources}, "owner": {a.checked.id: a for a in people}}
    shown = board.page(newest, asked.days(), viewer, by=by, group=group, names=_names(newest), accuracy=told)
    more = {"collectors": collectors(people), "may_look": viewer.can("clean.rules")}
    return render(request, "clean/quality.html", {**context, **shown, **more})


@needs("customers.view")
@require_GET
def behind(request: HttpRequest, public_id: str, field: str, dimension: str) -> HttpResponse:
    """The customers behind a cell of the board, those worth most first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    day = asked.day(public_id)
    if day is None or dimension not in board.WORDS or not board.may_know(viewer, field):
        raise Http404
    groups = {by: int(v) for by in board.GROUPINGS if (v := request.GET.get(by, "")).isdecimal() and len(v) < 19}
    place = request.GET.get("after", "")
    limit = _PAGE if viewer.scope == "all" else _LOOKED_AT
    beyond = int(place) if place.isdecimal() and len(place) < 12 else 0
    found = asked.behind(
        public_id, field=field, dimension=dimension, groups=groups, beyond_rank=beyond, limit=limit + 1
    )
    if found is None:
        raise Http404
    more, found = len(found) > limit, found[:limit]
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    names = _names(day)
    context = {
        "day": day,
        "title": f"{fields.field(field).label}: {board.FAULT_WORDS[dimension]}",
        "narrowed": ", ".join(names[by].get(str(value), _("Nobody")) for by, value in groups.items()),
        "entries": [seen[row["customer_id"]] for row in found if row["customer_id"] in seen],
        "page": {"next_key": found[-1]["rank"] if more else None, "previous_key": None},
        "segment_url": _segment_url(viewer, field, dimension, groups),
    }
    return render(request, "clean/quality_behind.html", context)


@needs("quality.view")
@require_GET
def running(request: HttpRequest) -> HttpResponse:
    """The fragment that follows the check; when it is over, the page loads anew."""
    job = reading.at_work("clean.measure_quality")
    if job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "clean/quality_running.html", {"job": job})


@needs("quality.manage")
@require_POST
def measure(request: HttpRequest) -> HttpResponse:
    """Check all files now; a job does it."""
    acts.request_measuring(by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("All files are being checked; the figures are here as soon as that is done."))
    return redirect("clean:quality")


@needs("quality.view")
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The catalogue of rules."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    groups: dict[str, list[dict[str, Any]]] = {code: [] for code in board.WORDS}
    for rule in asked.catalogue():
        groups[rule.dimension].append(_shown(rule))
    context = {
        "groups": [(board.WORDS[code], rows) for code, rows in groups.items()],
        "severities": SEVERITIES,
        "may_manage": viewer.can("quality.manage"),
    }
    return render(request, "clean/quality_rules.html", context)


@needs("quality.manage")
@require_POST
def change(request: HttpRequest, rule: str) -> HttpResponse:
    """Change a rule, or take the change back (an own rule then goes)."""
    try:
        if "remove" in request.POST:
            acts.remove_rule(rule, by=request.viewer)  # type: ignore[attr-defined]
            messages.success(request, _("The rule is gone, or as it was shipped again."))
        else:
            typed = request.POST.get("threshold", "0")
            acts.change_rule(
                rule,
                threshold=int(typed) if typed.isdecimal() and len(typed) < 9 else 0,
                severity=request.POST.get("severity", ""),
                is_on="is_on" in request.POST,
                by=request.viewer,  # type: ignore[attr-defined]
            )
            messages.success(request, _("The rule holds from the next check on."))
    except acts.RuleRefused as refusal:
        if refusal.code == "unknown":
            raise Http404 from None
        messages.error(request, str(REFUSALS[refusal.code]))
    return redirect(f"{reverse('clean:quality_rules')}#{rule}")


@needs("quality.manage")
@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest) -> HttpResponse:
    """Add a rule of one's own."""
    form = RuleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.add_rule(form.rule(), by=request.viewer)  # type: ignore[attr-defined]
        except acts.RuleRefused as refusal:
            form.add_error(None, str(REFUSALS[refusal.code]))
        else:
            messages.success(request, _("The rule holds from the next check on."))
            return redirect("clean:quality_rules")
    return render(request, "clean/quality_rule.html", {"form": form}, status=422 if form.errors else 200)


def _shown(rule: Rule) -> dict[str, Any]:
    own = fields.field(rule.field)
    whom = [_("Persons") if rule.kind == "person" else _("Organizations")] if rule.kind else []
    whom += [str(STAGE_WORDS[stage]) for stage in rule.stages]
    return {
        "rule": rule,
        "label": own.label,
        "check": CHECK_WORDS[rule.check],
        "whom": " · ".join(whom),
        "with_threshold": rule.check in WITH_THRESHOLD,
    }


def _names(day: asked.DayFacts) -> dict[str, dict[str, str]]:
    """Words of the sources and owners of a day, by id as text."""
    owners = [int(i) for i in day.totals.get("owner", {}) if i != "0"]
    return {
        "source": {str(s.id): s.name for s in customers.sources()},
        "owner": {str(i): name for i, name in rights.staff_names(owners).items()},
    }


def _segment_url(viewer: Viewer, field: str, dimension: str, groups: dict[str, int]) -> str:
    facet = board.FACETS.get(dimension)
    if not viewer.can("segments.edit") or facet is None or rights.sight(viewer, "metrics") != "shown":
        return ""
    more = [(by, str(value)) for by, value in groups.items() if value]
    return f"{reverse('analyze:segment_new')}?{urlencode([(facet, field), *more])}"

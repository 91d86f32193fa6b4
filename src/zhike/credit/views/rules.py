"""Weights of the scorecards and the rule of limits: shown to who sees credit, changed by who may."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhike.credit import actions, queries, refusals, words
from zhike.credit.records import SETS
from zhike.credit.shipped_rules import ENDLESS
from zhike.credit.telling import cents_of, labels
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike_analytics.credit import FACTORS, GRADES


@needs("credit.view")
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """See weights, terms and caps with their history; a POST sets one of them anew."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if request.method == "POST":
        return _set(request, viewer)
    history, cap = queries.rule_history(), queries.limits().own_cap_cents
    context = {
        "own_cap": "" if cap is None else f"{cap / 100:.2f}",
        "sets_shown": [_weights(kind) for kind in SETS],
        "limits": queries.limits(),
        "grades": _grades(),
        "bands": _bands(),
        "history": history,
        "staff": secure.staff_names([r.by_staff_id for r in history if r.by_staff_id]),
        "may_rule": viewer.can("credit.rules"),
        **labels(),
    }
    return render(request, "credit/rules.html", context)


def _set(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    given, kind = request.POST, request.POST.get("kind", "")
    why = given.get("why", "")
    try:
        if kind == "limits":
            actions.set_limits(_limits(given), why, by=viewer)
        else:
            weights = {factor: _number(given.get(factor, "")) for factor in FACTORS.get(kind, ())}
            actions.set_weights(kind, weights, why, by=viewer)
    except actions.RuleRefused as refusal:
        messages.error(request, refusals.rule(refusal.code, refusal.part))
    else:
        messages.success(request, _("Kept as a new version. Reports made before keep theirs."))
    return redirect("credit:rules")


def _limits(given: Any) -> dict[str, Any]:
    terms: dict[str, int] = {}
    caps: dict[str, int | None] = {}
    for grade, _least in GRADES:
        terms[grade] = _days(given.get(f"terms_{grade}", ""))
        caps[grade] = _cap(given.get(f"cap_{grade}", ""))
    return {
        "terms_days": terms,
        "caps_cents": caps,
        "own_cap_cents": _cap(given.get("own_cap", "")),
        "grace_days": _days(given.get("grace_days", "")),
        "review_days": _days(given.get("review_days", "")),
    }


def _cap(text: str) -> int | None:
    cents = cents_of(text)
    if text.strip() and cents is None:
        raise actions.RuleRefused("amount")
    return cents


def _days(text: str) -> int:
    if not text.strip().isdecimal() or len(text) > 5:
        raise actions.RuleRefused("days")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise actions.RuleRefused("weights") from None
    if value != value or value < 0:
        raise actions.RuleRefused("weights")
    return value


def _weights(kind: str) -> dict[str, Any]:
    rule = queries.newest(kind)
    rows = [(f, words.FACTORS[f], words.ABOUT_FACTORS[f], f"{rule.payload[f]:g}") for f in FACTORS[kind]]
    return {"kind": kind, "name": words.SETS[kind], "version": rule.version, "rows": rows}


def _grades() -> list[dict[str, Any]]:
    held = queries.limits()
    return [
        {
            "grade": grade,
            "least": f"{least:g}",
            "terms": held.terms_days.get(grade, 0),
            "cap": "" if held.caps_cents.get(grade) is None else f"{(held.caps_cents[grade] or 0) / 100:.2f}",
        }
        for grade, least in GRADES
    ]


def _bands() -> list[tuple[str, str]]:
    told, below = [], ""
    for upto, percent in queries.limits().bands:
        bound = "" if upto >= ENDLESS else f"{upto:g}"
        told.append(
            (f"≤ {bound}" if not below else f"> {below}" if not bound else f"{below} – {bound}", f"{percent:g}%")
        )
        below = bound
    return told

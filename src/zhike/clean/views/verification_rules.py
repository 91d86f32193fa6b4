"""The overview of verification, its rules, and how accurate sources and collectors are."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.clean import verification_words as words
from zhike.clean.actions import verification as do
from zhike.clean.models import VerificationRule
from zhike.clean.queries import verification as asked
from zhike.customers import queries as customers
from zhike.customers.records import RegisterFilter
from zhike.kit.installation import installation
from zhike.kit.jobs import reading
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.figures import money_text, number
from zhike.work import queries as work

_CAP = 10_001


@needs("customers.verify")
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """How far phones are verified, what waits, and the rules that draw tasks."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    may_rule = viewer.can("clean.rules")
    rows = work.shown(viewer, asked.next_tasks(viewer))
    context = {
        "states": _states(viewer),
        "waiting": _waiting(viewer),
        "rows": rows,
        "may_rule": may_rule,
        "rules": [(r, _words_of(r)) for r in asked.rules()] if may_rule else [],
        "job": _drawing(request) if may_rule else None,
        "who": words.WHO,
        "fields": [fields.field(name) for name in do.FIELDS if fields.known(name)],
        "currency": installation().currency,
    }
    return render(request, "clean/verification.html", context)


@needs("clean.rules")
@require_POST
def set_rule(request: HttpRequest) -> HttpResponse:
    """Add a rule, or change one."""
    given = request.POST
    try:
        rule = do.Rule(
            who=given.get("who", ""),
            field=given.get("field", ""),
            net_min_cents=_cents(given.get("net_min", "")),
            last_days=_whole(given.get("last_days", "")),
            older_days=_whole(given.get("older_days", "")),
            most=_whole(given.get("most", "")) or 50,
            due_days=_whole(given.get("due_days", "")) or 7,
            is_on=given.get("is_on", "1") == "1",
        )
        changed = given.get("rule", "")
        do.set_rule(rule, by=request.viewer, rule_id=int(changed) if changed.isdecimal() else None)  # type: ignore[attr-defined]
    except ValueError as refusal:
        messages.error(request, str(words.REFUSALS.get(getattr(refusal, "code", ""), words.REFUSALS["numbers"])))
    else:
        messages.success(request, _("The rule is set. Draw tasks now, or wait for the night."))
    return redirect("clean:verification")


@needs("clean.rules")
@require_POST
def remove(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Take a rule away."""
    do.remove_rule(rule_id, by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("The rule is gone; its open tasks go with the next drawing."))
    return redirect("clean:verification")


@needs("clean.rules")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw tasks from the rules now."""
    job_id = do.request_drawing(by=request.viewer)  # type: ignore[attr-defined]
    return redirect(f"{reverse('clean:verification')}?job={job_id}")


@needs("clean.rules")
@require_GET
def accuracy(request: HttpRequest) -> HttpResponse:
    """How often statements were found right, by source and by who entered them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    sources, people = asked.accuracies()
    context = {
        "tables": [("source", sources), ("staff", people)],
        "may_trust": viewer.can("sources.manage"),
        "enough": asked.ENOUGH,
    }
    return render(request, "clean/accuracy.html", context)


@needs("clean.rules")
@require_GET
def behind(request: HttpRequest, which: str, number: int) -> HttpResponse:
    """The customers behind a figure of accuracy."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if which not in ("source", "staff"):
        raise Http404
    sources, people = asked.accuracies()
    found = next((a for a in (sources if which == "source" else people) if a.checked.id == number), None)
    if found is None or not viewer.can("customers.view"):
        raise Http404
    is_right = request.GET.get("found") != "wrong"
    given = {"source_id": number} if which == "source" else {"staff_id": number}
    ids = customers.checked_customers(viewer, is_right=is_right, **given)
    rows = customers.lines(viewer, ids)
    context = {
        "found": found,
        "which": which,
        "is_right": is_right,
        "rows": [rows[i] for i in ids if i in rows],
        "tabs": [
            {"label": _("Found right"), "url": "?found=right", "count": found.checked.right, "current": is_right},
            {"label": _("Found wrong"), "url": "?found=wrong", "count": found.checked.checked - found.checked.right, "current": not is_right},
        ],
    }  # fmt: skip
    return render(request, "clean/accuracy_behind.html", context)


@needs("sources.manage")
@require_POST
def trust(request: HttpRequest, source_id: int) -> HttpResponse:
    """Trust a source as its accuracy proposes."""
    grade = request.POST.get("grade", "")
    if customers.source(source_id) is None or grade not in ("1", "2", "3", "4", "5"):
        raise Http404
    try:
        do.set_trust(source_id, int(grade), by=request.viewer)  # type: ignore[attr-defined]
    except ValueError:
        messages.error(request, _("The house source cannot be changed."))
    else:
        messages.success(request, _("Trust is set; all cards are being derived anew."))
    return redirect("clean:accuracy")


def _drawing(request: HttpRequest) -> Any:
    """The job that draws tasks, when the address names it."""
    given = request.GET.get("job", "")
    job = reading.one(int(given)) if given.isdecimal() and len(given) < 19 else None
    return job if job and job.name == "clean.draw_verifications" else None


def _states(viewer: Viewer) -> list[dict[str, Any]]:
    """How many customers' phones stand where, each figure opening its customers."""
    if secure.sight(viewer, "phone") == "hidden" or not viewer.can("customers.view"):
        return []
    told = []
    for state in ("format_valid", "corroborated", "confirmed"):
        found = customers.count(viewer, RegisterFilter(phone_state=state), cap=_CAP)
        shown = number(found.number) + ("+" if found.capped else "")
        told.append(
            {"label": words.STATES[state], "value": shown, "url": f"{reverse('desk:register')}?phone_state={state}"}
        )
    return told


def _waiting(viewer: Viewer) -> list[dict[str, Any]]:
    if not viewer.can("work.view"):
        return []
    counts = work.open_counts(viewer, do.KINDS)
    labels = {"contradiction": _("Sources disagree"), "verify_value": _("Values to verify")}
    tab = "all" if viewer.can("work.assign") else "queue"
    return [
        {
            "label": labels[kind],
            "value": number(counts.get(kind, 0)),
            "url": f"{reverse('work:tasks')}?tab={tab}&kind={kind}",
        }
        for kind in do.KINDS
    ]


def _words_of(rule: VerificationRule) -> str:
    """What a rule asks for, in one sentence."""
    if rule.who == VerificationRule.RECENT:
        said = _("bought for at least %(amount)s in all, last order within %(days)s days")
        return said % {"amount": money_text(rule.net_min_cents, installation().currency), "days": rule.last_days}
    if rule.who == VerificationRule.OLD:
        return _("last stated %(days)s days ago or longer") % {"days": rule.older_days}
    return _("class A by value")


def _whole(text: str) -> int:
    calm = text.strip()
    if calm and (not calm.isdecimal() or len(calm) > 9):
        raise do.RuleRefused("numbers")
    return int(calm or 0)


def _cents(text: str) -> int:
    try:
        value = Decimal(text.replace(",", "").strip() or 0)
    except InvalidOperation:
        raise do.RuleRefused("numbers") from None
    if not value.is_finite() or not 0 <= value < 10**11:
        raise do.RuleRefused("numbers")
    return int(value * 100)

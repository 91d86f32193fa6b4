"""Rules of credit: weights and limits, each change a new version with its author and reason."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from zhike.credit import shipped_rules
from zhike.credit.models import CreditRule
from zhike.credit.records import SETS
from zhike.kit import clock, ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike_analytics.credit import refuse_bad_weights
from zhike_analytics.problem import MeasureProblem

_MOST_DAYS = 3650


class RuleRefused(ValueError):
    """A rule cannot read so. `code`: weights, whole, days, amount, order, kind; `part` what is meant."""

    def __init__(self, code: str, part: str = "") -> None:
        super().__init__(code)
        self.code, self.part = code, part


def set_weights(kind: str, weights: Mapping[str, float], why: str, *, by: Viewer) -> int:
    """Weigh the factors of a set anew, in percent; the number of the version. Reports made before keep theirs."""
    check(by, "credit.rules")
    if kind not in SETS:
        raise RuleRefused("kind")
    try:
        refuse_bad_weights(kind, weights)
    except MeasureProblem as problem:
        code = "whole" if problem.code == "credit.weights_not_whole" else "weights"
        raise RuleRefused(code, str(problem.params.get("total") or "")) from None
    return _keep(kind, {factor: float(weight) for factor, weight in weights.items()}, why, by)


def set_limits(payload: Mapping[str, Any], why: str, *, by: Viewer) -> int:
    """Change terms and caps by grade, the house's own cap, grace, and the days until a review; the number of the version."""
    check(by, "credit.rules")
    whole = {**shipped_rules.newest("limits").payload, **payload}
    for grade, days in whole["terms_days"].items():
        if not 0 <= int(days) <= _MOST_DAYS:
            raise RuleRefused("days", grade)
    for name in ("grace_days", "review_days"):
        if not 0 <= int(whole[name]) <= _MOST_DAYS:
            raise RuleRefused("days", name)
    caps = [*whole["caps_cents"].values(), whole["own_cap_cents"]]
    if any(cap is not None and not 0 <= cap <= 10**15 for cap in caps):
        raise RuleRefused("amount")
    bounds = [upto for upto, _ in whole["bands"]]
    if bounds != sorted(set(bounds)) or any(not 0 <= percent <= 100 for _, percent in whole["bands"]):
        raise RuleRefused("order")
    return _keep("limits", whole, why, by)


def _keep(kind: str, payload: Mapping[str, Any], why: str, by: Viewer) -> int:
    if payload == shipped_rules.newest(kind).payload:
        return shipped_rules.newest(kind).version
    with transaction.atomic():
        last = CreditRule.objects.filter(kind=kind).aggregate(n=Max("version"))["n"] or 0
        rule = CreditRule.objects.create(
            id=ids.take("credit_rule")[0],
            kind=kind,
            version=last + 1,
            payload=payload,
            why=" ".join(why.split())[:200],
            by_staff_id=by.staff_id,
            created_at=clock.now(),
        )
        detail = {"kind": kind, "version": rule.version}
        secure.record_audit("credit.rule_changed", by=by, about=("credit_rule", rule.pk), detail=detail)
    return int(rule.version)

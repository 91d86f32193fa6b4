"""What the machine adds up for a report: points by set, how the customer pays, and what each rule of limits allows.

It proposes and never decides. Of a person only its dealings with us count: no statements, no Z.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zhike.credit import measuring, shipped_rules
from zhike.credit.models import FinancialStatement, Receivable
from zhike.credit.records import SETS
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure.records import Viewer
from zhike.shop import queries as shop
from zhike_analytics.credit import FACTORS, Payments, altman, payment_behaviour, rating_equivalent, score, suggest_limit

Scores = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules allow: `data` lies on the report as it was computed."""

    statement_id: int | None
    payments: dict[str, Any]
    data: dict[str, Any]


def results_of(scores: Scores) -> dict[str, Any]:
    """set → points, grade, missing factors, parts, weights and the version of the weights; only sets somebody began."""
    found = {}
    for kind in SETS:
        judged = {f: (scores.get(kind, {}).get(f) or [None])[0] for f in FACTORS[kind]}
        if all(value is None for value in judged.values()):
            continue
        rule = shipped_rules.newest(kind)
        scored = score(kind, judged, rule.payload)
        found[kind] = {
            "points": None if scored.points is None else round(scored.points, 2),
            "grade": scored.grade,
            "missing": list(scored.missing),
            "parts": {f: round(part, 2) for f, part in scored.parts.items()},
            "weights": {f: round(weight, 2) for f, weight in scored.weights.items()},
            "version": rule.version,
        }
    return found


def payments_of(record_ids: Sequence[int]) -> Payments:
    """How a file pays, by its invoices in the shop's currency."""
    rows = Receivable.objects.filter(source_record_id__in=list(record_ids), currency=installation().currency)
    return payment_behaviour(
        [measuring.invoice_of(row) for row in rows], as_of=clock.today(installation().time_zone)
    )  # fmt: skip


def payments_as_data(found: Payments) -> dict[str, Any]:
    """How it pays, as it lies on a report."""
    return {
        "invoices": found.invoices,
        "settled": found.settled,
        "on_time_share": found.on_time_share,
        "mean_days_late": found.mean_days_late,
        "worst_days_late": found.worst_days_late,
        "trend_days": found.trend_days,
        "points": found.points,
        "reason": found.reason,
        "best_paid_cents": None if found.best_paid is None else round(found.best_paid),
    }


def propose(viewer: Viewer, record_ids: Sequence[int], grade: str, *, is_person: bool) -> Proposal:
    """What each rule allows at a grade, and which of them binds."""
    limits = shipped_rules.limits()
    statement = None if is_person else newest_statement(record_ids)
    paid = payments_of(record_ids)
    stated = None if statement is None else measuring.statement_of(measuring.amounts_of(statement))
    found = suggest_limit(
        stated,
        bands=limits.bands,
        monthly_sales=shop.monthly_net_cents(viewer, record_ids),
        terms_days=limits.terms_days.get(grade),
        best_paid=paid.best_paid,
        grade_cap=limits.caps_cents.get(grade),
        own_cap=limits.own_cap_cents,
    )
    data: dict[str, Any] = {
        "limit_cents": None if found.amount is None else int(found.amount),
        "binding": found.binding,
        "amounts": {rule: int(amount) for rule, amount in found.amounts.items()},
        "blank": {rule: why for rule, why in found.blank.items() if not (is_person and rule == "working_assets")},
        "terms_days": limits.terms_days.get(grade),
        "version": shipped_rules.newest("limits").version,
    }
    if stated is not None:
        distress = altman(stated)
        if distress.value is not None:
            data["z2"] = round(distress.value, 4)
            data["zone"] = distress.zone
            data["rating"] = rating_equivalent(distress.value)
    return Proposal(None if statement is None else statement.pk, payments_as_data(paid), data)


def newest_statement(record_ids: Sequence[int]) -> FinancialStatement | None:
    """The newest statement of a file."""
    rows = FinancialStatement.objects.filter(source_record_id__in=list(record_ids), is_newest=True)
    return rows.order_by("-ends_on", "-id").first()

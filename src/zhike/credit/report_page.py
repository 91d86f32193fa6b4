"""What the page of a credit report shows: scores by set, what each rule allows, sections, sources, who did what."""

from typing import Any

from django.utils.translation import gettext as _

from zhike.credit import words
from zhike.credit.records import SECTIONS, SETS, ReportFacts
from zhike.credit.telling import payment_rows, terms_text
from zhike.ui.figures import money_text, number
from zhike_analytics.credit import FACTORS


def page(report: ReportFacts) -> dict[str, Any]:
    """Everything the template needs of a report."""
    return {
        "report": report,
        "sets_shown": [_set(report, kind) for kind in SETS if kind in report.results],
        "leading": words.SETS[report.leading],
        "rules": _rules(report),
        "binding": words.LIMIT_RULES.get(report.proposal.get("binding", ""), ""),
        "suggested_cents": report.proposal.get("limit_cents"),
        "suggested_terms": terms_text(report.proposal.get("terms_days")),
        "terms": terms_text(report.terms_days),
        "z2": _z2(report),
        "payments": payment_rows(report.payments),
        "payment_blank": report.payments.get("reason") == "few_invoices",
        "sections_shown": [(words.SECTIONS[c], report.sections[c]) for c in SECTIONS if report.sections.get(c)],
        "computed_grade": (report.results.get(report.leading) or {}).get("grade") or "–",
    }


def _set(report: ReportFacts, kind: str) -> dict[str, Any]:
    result, judged = report.results[kind], report.scores.get(kind, {})
    rows = []
    for factor in FACTORS[kind]:
        value, evidence = (judged.get(factor) or [None, ""])[:2]
        weight, part = result["weights"].get(factor), result["parts"].get(factor)
        rows.append(
            {
                "name": words.FACTORS[factor],
                "about": words.ABOUT_FACTORS[factor],
                "score": "" if value is None else number(value, 0),
                "weight": "" if weight is None else f"{number(weight, 1)}%",
                "part": "" if part is None else number(part, 1),
                "evidence": evidence,
                "is_missing": factor in result["missing"],
            }
        )
    return {
        "name": words.SETS[kind],
        "is_leading": kind == report.leading,
        "points": number(result["points"], 1),
        "grade": result["grade"],
        "rows": rows,
        "missing": _(", ").join(str(words.FACTORS[f]) for f in result["missing"]),
        "version": result["version"],
    }


def _rules(report: ReportFacts) -> list[dict[str, Any]]:
    told, proposal = [], report.proposal
    for rule, label in words.LIMIT_RULES.items():
        cents = proposal.get("amounts", {}).get(rule)
        why = proposal.get("blank", {}).get(rule)
        if cents is None and why is None:
            continue
        told.append(
            {
                "label": label,
                "amount": "" if cents is None else money_text(cents, report.currency),
                "why": words.BLANK_RULES.get(why, "") if why else "",
                "binds": rule == proposal.get("binding"),
            }
        )
    return told


def _z2(report: ReportFacts) -> dict[str, Any] | None:
    value = report.proposal.get("z2")
    if value is None:
        return None
    zone = report.proposal.get("zone", "")
    return {
        "value": number(value, 2),
        "zone": words.ZONES.get(zone, ""),
        "tone": words.ZONE_TONES.get(zone, "neutral"),
        "rating": report.proposal.get("rating", ""),
    }

"""How credit is told: amounts as typed, terms and payment behaviour in words, codes for templates."""

from typing import Any

from django.utils.translation import gettext as _

from zhike.credit import words
from zhike.ui.figures import number, share_text
from zhike_analytics.values import amounts
from zhike_analytics.values.problem import ValueProblem


def cents_of(text: str) -> int | None:
    """An amount as typed, in cents; None for what is none."""
    try:
        return amounts.amount(text).cents if text.strip() else None
    except ValueProblem:
        return None


def labels() -> dict[str, Any]:
    """Codes in words for the templates of credit."""
    return {
        "states": words.STATES,
        "state_tones": words.STATE_TONES,
        "hold_words": words.HOLDS,
        "sets": words.SETS,
        "factors": words.FACTORS,
    }


def terms_text(days: int | None) -> str:
    """Terms as people say them."""
    if days is None:
        return "–"
    return _("%(n)s days") % {"n": days} if days else _("Pay before delivery")


def payment_rows(payments: Any) -> list[tuple[str, str]]:
    """How a customer pays, line by line; empty where too little is known."""
    if not payments or payments.get("points") is None:
        return []
    trend = payments.get("trend_days") or 0
    way = _("%(n)s days later than before") if trend > 0 else _("%(n)s days sooner than before")
    return [
        (_("Points of 100"), number(payments["points"], 0)),
        (_("Paid in time, by amount"), share_text(payments["on_time_share"], 0)),
        (_("Days late on average"), number(payments["mean_days_late"], 1)),
        (_("Latest"), _("%(n)s days") % {"n": payments["worst_days_late"]}),
        (_("Lately"), way % {"n": number(abs(trend), 0)} if round(trend) else _("as before")),
        (_("Invoices judged"), number(payments["settled"])),
    ]

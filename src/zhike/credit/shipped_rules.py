"""The rules of credit as they count: the newest version, or what the product ships where nobody has set one."""

from typing import Any

from zhike.credit.models import CreditRule
from zhike.credit.records import Limits, RuleFacts
from zhike_analytics.credit import BANDS, GRADES, even_weights

# Days of credit by grade. B and below pay first.
_TERMS_DAYS = {"AAA": 60, "AA": 45, "A": 30, "BBB": 30, "BB": 15, "B": 0, "CCC": 0, "CC": 0, "C": 0, "D": 0}
# The last band has no upper bound; JSON has no infinity.
ENDLESS = 1e9
# Below B nothing is sold on credit, whatever the statements say.
_NO_CREDIT = ("CCC", "CC", "C", "D")


def payload(kind: str) -> dict[str, Any]:
    """What the product ships for a kind of rule."""
    if kind != "limits":
        return even_weights(kind)
    return {
        "terms_days": dict(_TERMS_DAYS),
        "caps_cents": {grade: 0 if grade in _NO_CREDIT else None for grade, _ in GRADES},
        "own_cap_cents": None,
        "grace_days": 15,
        "review_days": 365,
        "bands": [[min(upto, ENDLESS), percent] for upto, percent in BANDS],
    }


def newest(kind: str) -> RuleFacts:
    """The version that counts; version 0 is the shipped one."""
    row = CreditRule.objects.filter(kind=kind).order_by("-version").first()
    return RuleFacts(kind, 0, payload(kind), "", None, None) if row is None else facts(row)


def facts(row: CreditRule) -> RuleFacts:
    """A version as others see it."""
    return RuleFacts(row.kind, row.version, row.payload, row.why, row.by_staff_id, row.created_at)


def limits() -> Limits:
    """The rule of limits that counts."""
    found = newest("limits").payload
    return Limits(
        found["terms_days"],
        found["caps_cents"],
        found["own_cap_cents"],
        found["grace_days"],
        found["review_days"],
        [(float(upto), float(percent)) for upto, percent in found["bands"]],
    )

"""The versions of a rule, the newest first."""

from zhike.credit import shipped_rules
from zhike.credit.models import CreditRule
from zhike.credit.records import RuleFacts


def rule_history(limit: int = 20) -> tuple[RuleFacts, ...]:
    """What was changed of weights and limits, the newest first: versions with author and reason."""
    return tuple(shipped_rules.facts(row) for row in CreditRule.objects.order_by("-created_at", "-id")[:limit])

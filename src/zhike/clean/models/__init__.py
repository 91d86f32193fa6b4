"""Tables of the clean module; private to it."""

from zhike.clean.models.funnel import (
    FunnelSettings,
    MarketSegment,
    ProposedMove,
    QualificationRule,
    QualificationRun,
    ScorePart,
)
from zhike.clean.models.quality import QualityDay, QualityRule
from zhike.clean.models.verification_rule import VerificationRule

__all__ = [
    "FunnelSettings",
    "MarketSegment",
    "ProposedMove",
    "QualificationRule",
    "QualificationRun",
    "QualityDay",
    "QualityRule",
    "ScorePart",
    "VerificationRule",
]

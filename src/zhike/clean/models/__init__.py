"""Tables of the clean module; private to it."""

from zhike.clean.models.bulk_merge import BulkMerge
from zhike.clean.models.candidate_pair import CandidatePair
from zhike.clean.models.file_rule import FileRule
from zhike.clean.models.funnel import (
    FunnelSettings,
    MarketSegment,
    ProposedMove,
    QualificationRule,
    QualificationRun,
    ScorePart,
)
from zhike.clean.models.known_pair import KnownPair
from zhike.clean.models.match_model import MatchModel
from zhike.clean.models.match_run import MatchRun
from zhike.clean.models.quality import QualityDay, QualityRule
from zhike.clean.models.truth import TruthCheck, TruthDraw, TruthRule
from zhike.clean.models.verification_rule import VerificationRule

__all__ = [
    "BulkMerge",
    "CandidatePair",
    "FileRule",
    "FunnelSettings",
    "KnownPair",
    "MarketSegment",
    "MatchModel",
    "MatchRun",
    "ProposedMove",
    "QualificationRule",
    "QualificationRun",
    "QualityDay",
    "QualityRule",
    "ScorePart",
    "TruthCheck",
    "TruthDraw",
    "TruthRule",
    "VerificationRule",
]

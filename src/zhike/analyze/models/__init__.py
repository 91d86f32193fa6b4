"""Tables of the analyze module; private to it."""

from zhike.analyze.models.cube import CubeAnswer, CubeView
from zhike.analyze.models.dashboard import Dashboard
from zhike.analyze.models.question import SegmentQuestion
from zhike.analyze.models.report import BoardReport, ReportMail
from zhike.analyze.models.run import AnalysisRun, MovedCustomer

__all__ = [
    "AnalysisRun",
    "BoardReport",
    "CubeAnswer",
    "CubeView",
    "Dashboard",
    "MovedCustomer",
    "ReportMail",
    "SegmentQuestion",
]

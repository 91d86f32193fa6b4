"""Tables of the analyze module; private to it."""

from zhike.analyze.models.run import AnalysisRun

__all__ = ["AnalysisRun"]

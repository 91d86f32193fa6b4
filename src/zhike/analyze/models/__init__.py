"""Tables of the analyze module; private to it."""

from zhike.analyze.models.run import AnalysisRun, MovedCustomer

__all__ = ["AnalysisRun", "MovedCustomer"]

"""Tables of the collect module; private to it."""

from zhike.collect.models.import_run import ImportRun
from zhike.collect.models.reject_row import RejectRow

__all__ = ["ImportRun", "RejectRow"]

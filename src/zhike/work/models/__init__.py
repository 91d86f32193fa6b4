"""Tables of the work module; private to it."""

from zhike.work.models.task import Task

__all__ = ["Task"]

"""Questions `reach` answers; every answer keeps to the viewer's scope."""

from zhike.reach import words
from zhike.reach.queries.outbox import detail, outbox, row_of, timeline
from zhike.reach.queries.suppressions import suppressed
from zhike.reach.queries.templates import template, templates

__all__ = ["detail", "outbox", "row_of", "suppressed", "template", "templates", "timeline", "words"]

"""Questions `reach` answers; every answer keeps to the viewer's scope."""

from zhike.reach import words
from zhike.reach.queries.house import public_url, sends
from zhike.reach.queries.outbox import detail, outbox, row_of, timeline
from zhike.reach.queries.suppressions import suppressed
from zhike.reach.queries.templates import template, templates

__all__ = [
    "detail",
    "outbox",
    "public_url",
    "row_of",
    "sends",
    "suppressed",
    "template",
    "templates",
    "timeline",
    "words",
]

"""Paths and abandonment 浏览路径与放弃率: sessions of visitors, where they come from and go, and where they give up.

    >>> import pyarrow as pa, datetime as dt
    >>> from zhike_analytics import paths
    >>> at = lambda minute: dt.datetime(2026, 3, 1, 10) + dt.timedelta(minutes=minute)
    >>> events = pa.table({
    ...     "event_id": [1, 2, 3, 4], "visitor_id": [1, 1, 1, 2], "at": [at(0), at(3), at(50), at(1)],
    ...     "page": ["/", "/tea", "/cart", "/"], "mark": ["", "product", "basket", ""],
    ... })
    >>> paths.sessions(paths.visited(events)).select("session_id", "pages", "seconds").to_pyarrow().to_pylist()
    [{'session_id': 1, 'pages': 2, 'seconds': 180}, {'session_id': 3, 'pages': 1, 'seconds': 0}, {'session_id': 4, 'pages': 1, 'seconds': 0}]

A session ends with thirty minutes of silence, the convention web analytics has kept since the first log files (B. Cooley,
B. Mobasher, J. Srivastava, "Data preparation for mining World Wide Web browsing patterns", KIS 1(1), 1999).
"""

from zhike_analytics.newcombe import Difference, difference
from zhike_analytics.path_steps import DEFAULT_STEPS, Step, read_steps
from zhike_analytics.paths.giving_up import GOALS, begun, exits
from zhike_analytics.paths.helping import helped
from zhike_analytics.paths.sessions import sessions, visited
from zhike_analytics.paths.steps import abandonment, reached
from zhike_analytics.paths.usual import entries, interest, transitions, ways

__all__ = [
    "DEFAULT_STEPS",
    "GOALS",
    "Difference",
    "Step",
    "abandonment",
    "begun",
    "difference",
    "entries",
    "exits",
    "helped",
    "interest",
    "reached",
    "read_steps",
    "sessions",
    "transitions",
    "visited",
    "ways",
]

"""Dashboards of the demo shop: one for the supervisor, one the shop operator shares with those who work with figures."""

from collections.abc import Mapping

from zhike.analyze import actions as analyze
from zhike.secure import queries as secure

_BOARDS = (
    ("supervisor", "主管每日一览", "role:supervisor", ("customers", "buyers", "lost", "churn", "nps", "rfm")),
    ("operator", "运营一览", "role:operator", ("new", "buyers", "net", "rfm", "abc", "provinces")),
    ("operator", "分析一览", "role:analyst", ("customers", "net", "abc", "churn", "provinces", "rfm")),
)


def lay_out(staff: Mapping[str, int]) -> int:
    """A board for each of the roles that look at figures daily; returns how many."""
    count = 0
    for maker, name, sharing, tiles in _BOARDS:
        if maker in staff:
            by = secure.viewer_of_staff(staff[maker])
            analyze.make_board(name, by=by, sharing=sharing, tiles=tuple((kind, "") for kind in tiles))
            count += 1
    return count

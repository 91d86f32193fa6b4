"""Dashboards of the demo shop: one of the supervisor for everybody, one the shop operator shares with those who work with figures."""

from collections.abc import Mapping

from zhike.analyze import actions as analyze
from zhike.secure import queries as secure

_BOARDS = (
    ("supervisor", "每日一览", "all", ("customers", "buyers", "lost", "churn", "nps", "rfm")),
    ("operator", "运营一览", "role:operator", ("new", "buyers", "net", "rfm", "abc", "provinces")),
    ("operator", "分析一览", "role:analyst", ("customers", "net", "abc", "churn", "provinces", "rfm")),
)


def lay_out(staff: Mapping[str, int]) -> int:
    """A board for everybody and one for each role that works with figures; returns how many."""
    count = 0
    for maker, name, sharing, tiles in _BOARDS:
        if maker in staff:
            by = secure.viewer_of_staff(staff[maker])
            analyze.make_board(name, by=by, sharing=sharing, tiles=tuple((kind, "") for kind in tiles))
            count += 1
    return count

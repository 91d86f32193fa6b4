"""From scores to names: eight Chinese classes, the R × F map, and two interval maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import ibis

from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    import ibis.expr.types as ir

# High (1) or low (0) on R, F, M. R high means recent: 011 was good and has gone quiet.
CLASS_CODES = {
    "111": "important_value",  # 重要价值客户
    "101": "important_develop",  # 重要发展客户
    "011": "important_keep",  # 重要保持客户
    "001": "important_win_back",  # 重要挽留客户
    "110": "general_value",  # 一般价值客户
    "100": "general_develop",  # 一般发展客户
    "010": "general_keep",  # 一般保持客户
    "000": "general_win_back",  # 一般挽留客户
}

# The widespread ten-class map on R then F; it covers all 25 cells and no cell twice.
SEGMENT10_CODES = {
    "hibernating": "11 12 21 22",
    "at_risk": "13 14 23 24",
    "cant_lose": "15 25",
    "about_to_sleep": "31 32",
    "need_attention": "33",
    "loyal": "34 35 44 45",
    "promising": "41",
    "new": "51",
    "potential_loyalist": "42 43 52 53",
    "champions": "54 55",
}


class Interval(NamedTuple):
    """Bounds, both included, of one class of an interval map."""

    code: str
    r: tuple[int, int]
    f: tuple[int, int]
    m: tuple[int, int]


# Map A: F and M share one range. Order matters: the first match wins, so three classes
# (new, promising, cant_lose) are never reached. Kept as published.
MAP_A = (
    Interval("champions", (4, 5), (4, 5), (4, 5)),
    Interval("loyal", (2, 5), (3, 5), (3, 5)),
    Interval("potential_loyalist", (3, 5), (1, 3), (1, 3)),
    Interval("new", (4, 5), (1, 1), (1, 1)),
    Interval("promising", (3, 4), (1, 1), (1, 1)),
    Interval("need_attention", (2, 3), (2, 3), (2, 3)),
    Interval("about_to_sleep", (2, 3), (1, 2), (1, 2)),
    Interval("at_risk", (1, 2), (2, 5), (2, 5)),
    Interval("cant_lose", (1, 1), (4, 5), (4, 5)),
    Interval("lost", (1, 2), (1, 2), (1, 2)),
)

# Map B: the R package rfm, version 0.3.
MAP_B = (
    Interval("champions", (5, 5), (5, 5), (5, 5)),
    Interval("potential_loyalist", (3, 5), (3, 5), (2, 5)),
    Interval("loyal", (2, 4), (2, 4), (2, 4)),
    Interval("promising", (3, 4), (1, 3), (3, 5)),
    Interval("new", (4, 5), (1, 3), (1, 5)),
    Interval("cant_lose", (1, 2), (3, 4), (4, 5)),
    Interval("at_risk", (1, 2), (2, 5), (4, 5)),
    Interval("need_attention", (1, 3), (3, 5), (3, 5)),
    Interval("about_to_sleep", (2, 3), (1, 3), (1, 4)),
    Interval("lost", (1, 1), (1, 5), (1, 5)),
)

_MAPS = {"A": MAP_A, "B": MAP_B}


def class_code(high: ir.StringColumn) -> ir.StringColumn:
    """The class of a string of three flags such as ``"011"``."""
    return high.cases(*CLASS_CODES.items())


def segment10(r: ir.IntegerColumn, f: ir.IntegerColumn) -> ir.StringColumn:
    """The ten-class R × F map for scores 1 to 5."""
    pair = r * 10 + f
    pairs = [(int(cell), code) for code, cells in SEGMENT10_CODES.items() for cell in cells.split()]
    return pair.cases(*pairs)


def interval_segment(scored: ir.Table, using: str | tuple[Interval, ...] = "A") -> ir.Table:
    """``scored`` with a column ``interval_segment``: first match in list order, else ``others``.

    ``using``: ``"A"``, ``"B"`` or intervals of your own. Not scored customers get null.
    """
    intervals = _MAPS.get(using) if isinstance(using, str) else using
    if intervals is None:
        raise MeasureProblem("rfm.unknown_map", map=str(using)[:20])
    branches = [
        (
            scored.r.between(*interval.r) & scored.f.between(*interval.f) & scored.m.between(*interval.m),
            interval.code,
        )
        for interval in intervals
    ]
    missing = (scored.r.isnull(), ibis.null("string"))
    return scored.mutate(interval_segment=ibis.cases(missing, *branches, else_="others"))

"""The structure of an organization as somebody wrote it down, read into a tree so that it can be drawn."""

import re
from dataclasses import dataclass, field

MOST_LINES = 200
_MARK = re.compile(r"[\-–—·•*└├│>\s　]*")
_UNDER = re.compile(r"[：:]\s*")
_BESIDE = re.compile(r"[、，,；;]\s*")


@dataclass(slots=True)
class Unit:
    """A department or post, and those below it."""

    name: str
    below: list["Unit"] = field(default_factory=list)


def outline(text: str) -> list[Unit]:
    """One unit a line; what begins with dashes, or is indented, stands below the line before it that is less indented.

    A line “采购部：王敏、李强” puts what follows the colon below what stands before it.

    >>> [(u.name, [b.name for b in u.below]) for u in outline("总经理\\n  采购部：王敏、李强\\n  财务部")]
    [('总经理', ['采购部', '财务部'])]
    """
    top: list[Unit] = []
    above: list[tuple[int, Unit]] = []  # the units the next line may stand below, with their indents
    for line in text.splitlines()[:MOST_LINES]:
        mark = _MARK.match(line)
        depth = _width(mark[0]) if mark else 0
        name, _, rest = (part.strip() for part in _split(line[mark.end() if mark else 0 :]))
        if not name:
            continue
        unit = Unit(name, [Unit(one) for one in _BESIDE.split(rest) if one])
        while above and above[-1][0] >= depth:
            above.pop()
        (above[-1][1].below if above else top).append(unit)
        above.append((depth, unit))
    return top


def _split(line: str) -> tuple[str, str, str]:
    found = _UNDER.search(line)
    return (line[: found.start()], found[0], line[found.end() :]) if found else (line, "", "")


def _width(mark: str) -> int:
    """How far a line is indented: a full-width blank is two, a tabulator four."""
    return sum({"　": 2, "\t": 4}.get(c, 1) for c in mark)

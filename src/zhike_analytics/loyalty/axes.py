"""Two axes (Dick & Basu 1994): what customers do and what they feel. Habit is not loyalty, and liking alone pays nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zhike_analytics.problem import MeasureProblem

# behavior high?, attitude high? → cell
CELLS: dict[tuple[bool, bool], str] = {
    (True, True): "true",
    (True, False): "habit",
    (False, True): "liking",
    (False, False): "low",
}


@dataclass(frozen=True)
class Placed:
    """One customer: purchase occasions in the window, attitude on 0–100, the cell."""

    customer: int | str
    occasions: int
    attitude: float
    cell: str


def attitude(indices: Sequence[float | None]) -> float | None:
    """The mean of what was answered on 0–100 (satisfaction, would recommend, would buy again); None where nothing was."""
    given = [value for value in indices if value is not None]
    return sum(given) / len(given) if given else None


def cell(occasions: int, feeling: float, *, occasions_from: int = 2, attitude_from: float = 75.0) -> str:
    """true 真正忠诚, habit 惯性购买, liking 仅有好感 or low 双低. A value on a line counts as high."""
    if occasions_from < 1 or not 0 <= attitude_from <= 100:
        raise MeasureProblem("loyalty.bad_lines")
    return CELLS[occasions >= occasions_from, feeling >= attitude_from]


def place(
    customers: Iterable[tuple[int | str, int, float | None]], *, occasions_from: int = 2, attitude_from: float = 75.0
) -> list[Placed]:
    """Place customers (id, occasions, attitude). Whoever never said what they feel is left out: silence is no attitude."""
    return [
        Placed(who, n, feeling, cell(n, feeling, occasions_from=occasions_from, attitude_from=attitude_from))
        for who, n, feeling in customers
        if feeling is not None
    ]


def cells_counted(placed: Iterable[Placed]) -> Mapping[str, int]:
    """How many stand in each cell; every cell is named."""
    counts = dict.fromkeys(CELLS.values(), 0)
    for one in placed:
        counts[one.cell] += 1
    return counts

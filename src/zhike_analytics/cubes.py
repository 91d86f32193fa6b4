"""Any measure by any dimensions: a table turned into the cells of a cube, with the totals of every level.

Totals are reckoned anew on every level, never added up: a customer who bought in two months is one customer of the year,
and an average of averages is no average (Gray and others 1997, “Data Cube”: distinct counts and ratios are holistic or
algebraic, only sums and counts are distributive).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import group_text, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import ibis.expr.types as ir

REST = "__other"
HOW = ("sum", "count", "distinct")


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a cell. ``how``: ``"sum"`` of a column of whole numbers (cents, pieces), ``"count"`` of rows, or of the
    ``"distinct"`` values of a column. Raises MeasureProblem ``cube.unknown_measure``."""

    name: str
    how: str
    column: str = ""

    def __post_init__(self) -> None:
        if self.how not in HOW or (self.how != "count" and not self.column):
            raise MeasureProblem("cube.unknown_measure", measure=self.name[:40])

    def of(self, facts: ir.Table) -> ir.IntegerScalar:
        """The measure over a table or its groups; an empty one is 0."""
        if self.how == "count":
            return facts.count().cast("int64")
        column = facts[self.column]
        told = column.nunique() if self.how == "distinct" else column.sum()
        return told.cast("int64").fill_null(0)


def cube(
    facts: Any,
    rows: Sequence[str],
    columns: Sequence[str] = (),
    *,
    measures: Sequence[Measure],
    most: Mapping[str, int] | None = None,
) -> ir.Table:
    """The cells of a cube and its totals.

    ``facts``: one row a fact, in any container; ``rows`` and ``columns`` name its dimensions. Answer: a row a cell with
    the dimensions as text (empty ones as ``"unknown"``), a column a measure, ``depth`` (how many of ``rows`` are told
    apart: 0 is the grand total) and ``across`` (whether ``columns`` are). A dimension a total runs over is null. Every
    level of ``rows`` has its cells, with and without ``columns``, so ``len(rows) + 1`` totals stand beside them.

    ``most`` limits the groups of a dimension to those with the greatest first measure (ties: by name); all others become
    the group ``"__other"``, so that the cells still tell of everything.

    Raises MeasureProblem: ``cube.no_measure``, ``cube.dimension_twice``, ``cube.no_column``.
    """
    known = table(facts)
    dimensions = [*rows, *columns]
    if not measures:
        raise MeasureProblem("cube.no_measure")
    if len(set(dimensions)) < len(dimensions):
        raise MeasureProblem("cube.dimension_twice")
    asked = {*dimensions, *(measure.column for measure in measures if measure.column)}
    missing = sorted(asked - set(known.columns))
    if missing:
        raise MeasureProblem("cube.no_column", column=missing[0][:40])
    told = known.mutate(**{name: group_text(known[name]) for name in dimensions})
    for name, count in (most or {}).items():
        told = shortened(told, name, greatest(told, name, measures[0], count))
    levels = [(depth, across) for depth in range(len(rows) + 1) for across in ((False, True) if columns else (False,))]
    parts = [_level(told, list(rows), list(columns), measures, depth, across) for depth, across in levels]
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def greatest(facts: ir.Table, dimension: str, measure: Measure, most: int) -> list[str]:
    """The ``most`` groups of a dimension with the greatest measure, greatest first; ties by name."""
    groups = facts.group_by(group=facts[dimension]).aggregate(told=measure.of(facts))
    kept = groups.order_by([ibis.desc("told"), "group"]).limit(most).to_pyarrow()
    return [str(name) for name in kept["group"].to_pylist()]


def shortened(facts: ir.Table, dimension: str, kept: Sequence[str]) -> ir.Table:
    """The table with all groups of a dimension but those ``kept`` called ``"__other"``."""
    name = facts[dimension]
    return facts.mutate(**{dimension: name.isin(list(kept)).ifelse(name, ibis.literal(REST))})


def _level(
    facts: ir.Table, rows: list[str], columns: list[str], measures: Sequence[Measure], depth: int, across: bool
) -> ir.Table:
    apart = [*rows[:depth], *(columns if across else [])]
    told = {measure.name: measure.of(facts) for measure in measures}
    cells = facts.group_by(apart).aggregate(**told) if apart else facts.aggregate(**told)
    nothing = ibis.null().cast("string")
    over = {name: nothing for name in (*rows, *columns) if name not in apart}
    placed = cells.mutate(depth=ibis.literal(depth).cast("int64"), across=ibis.literal(across), **over)
    return placed.select("depth", "across", *rows, *columns, *told)

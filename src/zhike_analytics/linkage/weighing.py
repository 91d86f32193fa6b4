"""The weight of pairs in one query: what each comparison adds, as the learned model says.

Splink learns the model. Weighing it does too, by way of a table for each step with every column of it; five million pairs then cost
more in tables than in comparing. The sum is the same, to the last digit that counts: the tests hold it to Splink's own.

    weight = prior + Σ log2(m / u of the level met) + Σ log2(u / share of those who have the value), where a level knows rarity
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from zhike_analytics.linkage.comparisons import COMPARISONS, LEVEL_ELSE, Comparison

if TYPE_CHECKING:
    import duckdb

    from zhike_analytics.linkage.parameters import Parameters

RAREST = 1e-7  # no value weighs as if it were rarer than this
# What a household shares: where the given names differ, a shared telephone and a shared address are one witness, not two.
_SHARED = "mw_phone + mw_tf_adj_phone, mw_address + mw_tf_adj_address"


def rare_columns() -> tuple[str, ...]:
    """Columns whose frequent values weigh less."""
    return tuple(sorted({level.rarity for c in COMPARISONS for level in c.levels if level.rarity}))


def knows_rarity(comparison: Comparison) -> bool:
    """Whether a level of the comparison weighs frequent values less."""
    return any(level.rarity for level in comparison.levels)


def weigh_sql(con: duckdb.DuckDBPyConnection, parameters: Parameters, pairs: str, people: str, at_least: float) -> str:
    """SQL over `pairs` (l, r, rules) and `people` (with `tf_<column>` beside each column that knows rarity): the pairs of
    `at_least` this weight as l, r, rules, household, weight, and per comparison `mw_…`, with rarity `mw_tf_adj_…`.
    """
    named = [name for (name, *_) in con.execute(f"DESCRIBE {people}").fetchall() if name != "unique_id"]
    sides = ", ".join(f'a."{name}" AS "{name}_l", b."{name}" AS "{name}_r"' for name in named)
    levels = ", ".join(f"{_met(c)} AS met_{c.code}" for c in COMPARISONS)
    kept = ", ".join(f'"tf_{name}_l", "tf_{name}_r"' for name in rare_columns())
    added = ", ".join(part for c in COMPARISONS for part in _added(c, parameters))
    parts = ", ".join(name for c in COMPARISONS for name in _names(c))
    total = " + ".join(name for c in COMPARISONS for name in _names(c))
    differs = parameters.weight("name", "one_character") + 1e-9
    household = f"(kind = 'person' AND mw_name <> 0 AND mw_name <= {differs} AND least({_SHARED}) > 0)"
    return (
        f"WITH sides AS (SELECT p.l, p.r, p.rules, {sides} FROM {pairs} p "
        f"JOIN {people} a ON a.unique_id = p.l JOIN {people} b ON b.unique_id = p.r), "
        f"met AS (SELECT l, r, rules, kind_l AS kind, {kept}, {levels} FROM sides), "
        f"added AS (SELECT l, r, rules, kind, {added} FROM met), "
        f"told AS (SELECT l, r, rules, {household} AS household, {float(parameters.prior_weight)!r} + {total} AS together, {parts} FROM added) "
        f"SELECT l, r, rules, household, together - CASE WHEN household THEN least({_SHARED}) ELSE 0 END AS weight, {parts} "
        f"FROM told WHERE weight >= {at_least}"
    )


def _names(comparison: Comparison) -> list[str]:
    return [f"mw_{comparison.code}", *([f"mw_tf_adj_{comparison.code}"] if knows_rarity(comparison) else [])]


def _met(comparison: Comparison) -> str:
    """The place of the level two records meet; NULL where nothing can be said, the number of levels where nothing agrees."""
    cases = " ".join(f"WHEN {level.condition} THEN {place}" for place, level in enumerate(comparison.levels))
    return f"CASE WHEN {comparison.missing} THEN NULL {cases} ELSE {len(comparison.levels)} END"


def _added(comparison: Comparison, parameters: Parameters) -> list[str]:
    met = f"met_{comparison.code}"
    codes = [*(level.code for level in comparison.levels), LEVEL_ELSE]
    cases = " ".join(
        f"WHEN {place} THEN {float(parameters.weight(comparison.code, code))!r}::DOUBLE"
        for place, code in enumerate(codes)
    )
    told = [f"coalesce(CASE {met} {cases} END, 0) AS mw_{comparison.code}"]
    if knows_rarity(comparison):
        rare = " ".join(
            f"WHEN {place} THEN {_rarer(level.rarity, parameters.levels[comparison.code][level.code][1])}"
            for place, level in enumerate(comparison.levels)
            if level.rarity
        )
        told.append(f"coalesce(CASE {met} {rare} END, 0) AS mw_tf_adj_{comparison.code}")
    return told


def _rarer(column: str, u: float) -> str:
    """What a value adds that is rarer than two records agree by chance; NULL where nobody counted it."""
    left, right = f'"tf_{column}_l"', f'"tf_{column}_r"'
    share = f"greatest(coalesce({left}, {right}), coalesce({right}, {left}), {RAREST!r}::DOUBLE)"
    return f"CASE WHEN coalesce({left}, {right}) IS NOT NULL THEN {math.log2(u)!r}::DOUBLE - log2({share}) END"

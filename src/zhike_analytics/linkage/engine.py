"""An in-memory DuckDB: pairs weighed with the parameters given, and Splink over it to learn them.

Nothing is written to disk: the database is in memory, has no folder to spill to, and stops with an error at its limit.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zhike_analytics.linkage.comparisons import COMPARISONS, LEVEL_ELSE, Comparison
from zhike_analytics.linkage.parameters import Parameters, chance
from zhike_analytics.linkage.weighing import RAREST, rare_columns, weigh_sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow

_AT_ONCE = 400_000  # pairs weighed together: what stands in memory then is one side of them
_FIRM = 2_000  # records from which on the base itself says how rare a value is


def memory(limit_mb: int, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory that never touches a disk."""
    import duckdb

    con = duckdb.connect(":memory:")
    con.execute(f"SET temp_directory = ''; SET memory_limit = '{int(limit_mb)}MB'; SET threads = {int(threads)}")
    con.execute(
        "SET preserve_insertion_order = false; SET enable_external_access = false; SET autoinstall_known_extensions = false"
    )
    return con


def score(
    con: duckdb.DuckDBPyConnection, parameters: Parameters, *, at_least: float, base: int | None = None
) -> pyarrow.Table:
    """Weigh the table `pairs`: l, r, rules, household, weight, and per comparison its own (`mw_…`, rarity in `mw_tf_adj_…`).

    `household`: another given name (be it by one character) at one telephone and one address, which count once then.

    Only pairs of `at_least` this weight come back, the heaviest first. The tables of frequencies may be given before as
    `rare_<column>` (value, share); else they are counted from `people`, as shares of `base` records (of those there).
    """
    import pyarrow

    records = base or one_number(con, "SELECT count(*) FROM people") or 1
    _frequencies(con, records, parameters)
    _shares_by_record(con)
    con.execute(
        "CREATE OR REPLACE TABLE placed AS SELECT l, r, rules, row_number() OVER (ORDER BY l, r) - 1 AS place FROM pairs"
    )
    count = one_number(con, "SELECT count(*) FROM placed")
    found = [_weighed(con, parameters, first, at_least) for first in range(0, max(count, 1), _AT_ONCE)]
    con.execute("DROP VIEW compared; DROP TABLE placed; DROP TABLE shared")
    return pyarrow.concat_tables(found).sort_by([("weight", "descending"), ("l", "ascending"), ("r", "ascending")])


def _frequencies(con: duckdb.DuckDBPyConnection, records: int, parameters: Parameters) -> None:
    """How rare each value is, as Splink wants to be told."""
    given = {name for (name,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    for column in rare_columns():
        known = f'SELECT value, share FROM "rare_{column}"'
        source = known if f"rare_{column}" in given else _shares(column, records, parameters)
        con.execute(
            f'CREATE OR REPLACE TABLE "tf_{column}" AS SELECT value AS "{column}", share AS "tf_{column}" FROM ({source})'
        )


def _shares_by_record(con: duckdb.DuckDBPyConnection) -> None:
    """The view `compared`: paired records beside how rare each of their values is, which is looked up once for all batches."""
    shares = ", ".join(f'"tf_{column}"."tf_{column}"' for column in rare_columns())
    joined = " ".join(f'LEFT JOIN "tf_{column}" USING ("{column}")' for column in rare_columns())
    ids = "SELECT l AS unique_id FROM pairs UNION SELECT r FROM pairs"
    con.execute(
        f"CREATE OR REPLACE TABLE shared AS SELECT k.unique_id, {shares} FROM (SELECT * FROM people SEMI JOIN ({ids}) USING (unique_id)) k {joined}"
    )
    con.execute("CREATE OR REPLACE VIEW compared AS SELECT * FROM people JOIN shared USING (unique_id)")


def _weighed(con: duckdb.DuckDBPyConnection, parameters: Parameters, first: int, at_least: float) -> pyarrow.Table:
    """The pairs from one place on, weighed."""
    con.execute(
        f"CREATE OR REPLACE TABLE batch_pairs AS SELECT l, r, rules FROM placed "
        f"WHERE place >= {first} AND place < {first + _AT_ONCE}"
    )
    told = con.execute(weigh_sql(con, parameters, "batch_pairs", "compared", at_least)).to_arrow_table()
    con.execute("DROP TABLE batch_pairs")
    return told


def rarity(sharers: str, column: str, base: int, parameters: Parameters) -> str:
    """SQL for how often another record has the value too, drawn towards the u of its level as a base is small.

    `sharers` is SQL for how many records have it: one of any two is no coincidence, so it does not count.
    """
    u = next(
        parameters.levels[c.code][level.code][1] for c in COMPARISONS for level in c.levels if level.rarity == column
    )
    return f"({sharers} - 1 + {_FIRM * u}) / {base + _FIRM}"


def _shares(column: str, base: int, parameters: Parameters) -> str:
    share = rarity("count(*)", column, base, parameters)
    return f'SELECT "{column}" AS value, {share} AS share FROM people WHERE "{column}" IS NOT NULL GROUP BY 1'


@dataclass(frozen=True, slots=True)
class Part:
    """What one comparison adds to a pair: the level met ("" where nothing is known) and its weight, rarity included."""

    comparison: str
    level: str
    weight: float


def parts_of(row: dict[str, Any], parameters: Parameters) -> tuple[Part, ...]:
    """The comparisons of a scored pair; a weight names its level, since no two levels weigh the same."""
    told = []
    for comparison in COMPARISONS:
        base = row[f"mw_{comparison.code}"] or 0.0
        level = _level(comparison, base, parameters)
        extra = row.get(f"mw_tf_adj_{comparison.code}") or 0.0
        told.append(Part(comparison.code, level, base + extra if level else 0.0))
    if row.get("household"):
        told = _once(told)
    return tuple(told)


def _once(parts: list[Part]) -> list[Part]:
    """Of telephone and address the lighter weighs nothing."""
    lighter = min((p for p in parts if p.comparison in ("phone", "address")), key=lambda p: p.weight)
    return [replace(p, weight=0.0) if p is lighter else p for p in parts]


def _level(comparison: Comparison, weight: float, parameters: Parameters) -> str:
    if weight == 0.0:
        return ""
    return min(comparison.codes, key=lambda code: abs(parameters.weight(comparison.code, code) - weight))


def probability(weight: float) -> float:
    """The chance that a pair of this weight is one customer."""
    return chance(weight)


def case_of(comparison: Comparison) -> str:
    """SQL for the level two records meet, over columns `…_l` and `…_r`; NULL where nothing can be said."""
    levels = " ".join(f"WHEN {one.condition} THEN '{one.code}'" for one in comparison.levels)
    return f"CASE WHEN {comparison.missing} THEN NULL {levels} ELSE '{LEVEL_ELSE}' END"


def _settings(parameters: Parameters) -> dict[str, Any]:
    """The model in Splink's words."""

    def level(comparison: Comparison, code: str, condition: str, rarity: str) -> dict[str, Any]:
        m, u = parameters.levels[comparison.code][code]
        told: dict[str, Any] = {
            "sql_condition": condition,
            "label_for_charts": code,
            "m_probability": m,
            "u_probability": u,
        }
        if rarity:
            told |= {
                "tf_adjustment_column": rarity,
                "disable_tf_exact_match_detection": True,
                "tf_minimum_u_value": RAREST,
            }
        return told

    def compared(c: Comparison) -> dict[str, Any]:
        levels = [{"sql_condition": c.missing, "label_for_charts": "missing", "is_null_level": True}]
        levels += [level(c, one.code, one.condition, one.rarity) for one in c.levels]
        return {"output_column_name": c.code, "comparison_levels": [*levels, level(c, LEVEL_ELSE, "ELSE", "")]}

    return {
        "link_type": "dedupe_only",
        "probability_two_random_records_match": parameters.prior,
        "comparisons": [compared(c) for c in COMPARISONS],
        "blocking_rules_to_generate_predictions": ["l.phone = r.phone"],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
        "max_iterations": 25,
        "em_convergence": 0.001,
        "linker_uid": "zhike",
    }


def linker_of(con: duckdb.DuckDBPyConnection, parameters: Parameters, table: str) -> Any:
    """Splink's linker over a table of people."""
    from splink import DuckDBAPI, Linker

    people = DuckDBAPI(connection=con).register(table, dataset_display_name="people")
    return Linker(people, _settings(parameters), log_level=None, validate_settings=False)


def sweep(con: duckdb.DuckDBPyConnection, *tables: str) -> None:
    """Drop what Splink left, and the tables named."""
    made = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_name LIKE '\\_\\_splink%' ESCAPE '\\'"
    ).fetchall()
    for name in [*(name for (name,) in made), *tables]:
        con.execute(f'DROP TABLE IF EXISTS "{name}"')


def one_number(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number a query answers."""
    return int(con.execute(sql).fetchall()[0][0])


@contextmanager
def quiet() -> Iterator[None]:
    """Splink tells of every step, and warns of levels no base of ours shows; neither is for our log."""
    log = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)

"""Parameters learned from a base: u from random pairs, m by expectation maximization in Splink's sessions, the prior from both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zhike_analytics.linkage.comparisons import BY_CODE, COMPARISONS, LEVEL_ELSE, Comparison
from zhike_analytics.linkage.engine import case_of, linker_of, one_number, quiet, sweep
from zhike_analytics.linkage.features import COLUMNS
from zhike_analytics.linkage.parameters import FALLBACK, Parameters, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

SEED = 20260101
_U_PAIRS = 500_000
_EM_PAIRS = 400_000
_FEWEST_PAIRS = 60  # a training session with fewer pairs teaches nothing
_FEWEST_RECORDS = 400
_DRAWN_FROM = 100_000  # records the random pairs are drawn from
_TAUGHT = 60_000  # pairs of one session that teach
_LEAST_M, _LEAST_M_OTHER = 2e-4, 0.02
_RECALL = 0.6  # of the strict rules that count sure matches for the prior
# Each session brings pairs together by one thing and learns the others from them.
_SESSIONS = (
    ("phone", "l.phone = r.phone"),
    ("name and city", "l.turned = r.turned AND l.city = r.city"),
    ("name and birth day", "l.turned = r.turned AND l.day = r.day"),
    ("email", "l.email = r.email"),
    ("birth day", "l.day = r.day AND l.surname = r.surname"),
    ("address", "l.detail = r.detail"),
)
# Under one address live families: only where nothing else teaches what a name is worth.
_LAST_RESORT = "address"
_TEACH_NAMES = ("phone", "email", "birth day")
_SURE = (
    "l.phone = r.phone AND l.turned = r.turned",
    "l.email = r.email AND l.turned = r.turned",
    "l.turned = r.turned AND l.day = r.day",
    "l.turned = r.turned AND l.detail = r.detail",
)


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters learned, from how many records and pairs; `sessions` are the training sessions that had enough pairs."""

    parameters: Parameters
    records: int
    sessions: dict[str, int]
    is_fallback: bool


def fit(con: duckdb.DuckDBPyConnection, *, seed: int = SEED) -> Fit:
    """Learn the parameters from the table `people`: u from random pairs, m by expectation maximization.

    A base too small to learn from answers the fallback, with a prior for its size. What the base never showed keeps the
    fallback's m, and u below what the random pairs could have shown. Same base, same seed: same parameters.
    """
    records = one_number(con, "SELECT count(*) FROM people")
    sessions = {name: n for name, rule in _SESSIONS if (n := _pairs(con, rule)) >= _FEWEST_PAIRS}
    if sessions.keys() & set(_TEACH_NAMES):
        sessions.pop(_LAST_RESORT, None)
    if records < _FEWEST_RECORDS or not sessions:
        return Fit(for_size(FALLBACK, records), records, sessions, is_fallback=True)
    prior = _prior(con, records)
    drawn, seen = _random_pairs(con, records, seed)
    start = Parameters(prior, {c.code: _begin(c, seen[c.code], drawn) for c in COMPARISONS})
    _learners(con, sessions)
    with quiet():
        linker = linker_of(con, start, "learners")
        for name, rule in _SESSIONS:
            if name in sessions:
                most = _EM_PAIRS if sessions[name] > _EM_PAIRS else None
                linker.training.estimate_parameters_using_expectation_maximisation(
                    rule, estimate_without_term_frequencies=True, max_pairs=most
                )
        told = linker.misc.save_model_to_json()
    sweep(con, "learners")
    return Fit(in_order(_learned(told, start, seen, drawn)), records, sessions, is_fallback=False)


def for_size(parameters: Parameters, records: int) -> Parameters:
    """The same model for a base of another size: as many duplicates a record, so matches are rarer among more pairs."""
    return replace(parameters, prior=min(0.1 / max(records, 10), 0.01))


def settled(weights: Iterable[float], parameters: Parameters, records: int) -> Parameters:
    """The prior under which the pairs found add up to it: their chances sum to the matches it foretells.

    Weights are those of all scored pairs with the parameters given. At most eight times, at least a quarter of the prior.
    """
    import numpy

    bare = numpy.asarray(list(weights), dtype=float) - parameters.prior_weight
    every = records * (records - 1) / 2
    low, high = parameters.prior / 4, min(parameters.prior * 8, 0.2)
    prior = parameters.prior
    for _ in range(12):
        if not len(bare):
            break
        odds = numpy.exp2(numpy.clip(bare + numpy.log2(prior / (1 - prior)), -60, 60))
        prior = min(max(float((odds / (1 + odds)).sum()) / every, low), high)
    return replace(parameters, prior=prior)


def _learners(con: duckdb.DuckDBPyConnection, sessions: dict[str, int]) -> None:
    """The table `learners`: those who have a partner in some session; nobody else teaches anything about m."""
    pairs = " UNION ALL ".join(
        f"(SELECT l.unique_id AS l, r.unique_id AS r FROM people l JOIN people r ON l.unique_id < r.unique_id AND {rule} "
        f"ORDER BY hash(l.unique_id, r.unique_id), l.unique_id LIMIT {_TAUGHT})"
        for name, rule in _SESSIONS
        if name in sessions
    )
    con.execute(
        f"CREATE OR REPLACE TABLE learners AS SELECT * FROM people SEMI JOIN (SELECT DISTINCT unnest([l, r]) AS unique_id FROM ({pairs})) USING (unique_id)"
    )


def _random_pairs(con: duckdb.DuckDBPyConnection, records: int, seed: int) -> tuple[int, dict[str, dict[str, int]]]:
    """How often each level is met among pairs drawn at random, surely equal people left out; and how many were drawn.

    Every record is paired with those a few random places further on: as good as drawn, and the same for the same seed.
    """
    import numpy

    records = min(records, _DRAWN_FROM)
    places = min(max(_U_PAIRS // records, 1), records // 2)
    shifts = sorted(numpy.random.default_rng(seed).choice(records - 1, size=places, replace=False) + 1)
    con.execute(
        f"CREATE OR REPLACE TABLE placed AS SELECT *, row_number() OVER () - 1 AS place FROM (SELECT * FROM people ORDER BY hash(unique_id), unique_id LIMIT {records})"
    )
    con.execute("CREATE OR REPLACE TABLE shifts AS SELECT unnest(?::BIGINT[]) AS shift", [[int(s) for s in shifts]])
    columns = [c for c in COLUMNS if c != "unique_id"]
    sides = ", ".join(f'l."{c}" AS "{c}_l", r."{c}" AS "{c}_r"' for c in columns)
    sure = " OR ".join(f"coalesce({rule}, false)" for rule in _SURE)
    cases = ", ".join(f"{case_of(c)} AS {c.code}" for c in COMPARISONS)
    con.execute(
        f"CREATE OR REPLACE TABLE drawn AS WITH steps AS (SELECT place, (place + shift) % {records} AS other FROM placed, shifts) "
        f"SELECT {cases} FROM (SELECT {sides} FROM steps s JOIN placed l ON l.place = s.place JOIN placed r ON r.place = s.other "
        f"WHERE l.kind = r.kind AND NOT ({sure}))"
    )
    seen = {
        c.code: dict(
            con.execute(f"SELECT {c.code}, count(*) FROM drawn WHERE {c.code} IS NOT NULL GROUP BY 1").fetchall()
        )
        for c in COMPARISONS
    }
    drawn = one_number(con, "SELECT count(*) FROM drawn")
    con.execute("DROP TABLE placed; DROP TABLE shifts; DROP TABLE drawn")
    return drawn, seen


def _begin(comparison: Comparison, seen: dict[str, int], drawn: int) -> dict[str, tuple[float, float]]:
    """Before m is learned: the fallback's m, and the u of the random pairs."""
    fallback, total = FALLBACK.levels[comparison.code], sum(seen.values())
    if not total:
        return dict(fallback)
    return {code: (fallback[code][0], _u(seen.get(code, 0), total, fallback[code][1])) for code in comparison.codes}


def _u(count: float, total: int, fallback: float) -> float:
    """The share of random pairs; of what was hardly met, the fallback's where it is below what they could have shown."""
    return count / total if count >= 3 else min(max(fallback, 1e-9), max(count, 0.5) / total)


def _learned(told: dict[str, Any], start: Parameters, seen: dict[str, dict[str, int]], drawn: int) -> Parameters:
    """m as Splink learned it; u less the matches that were among the random pairs."""
    levels: dict[str, dict[str, tuple[float, float]]] = {}
    trained: dict[str, tuple[str, ...]] = {}
    hidden = start.prior * (1 - _RECALL)
    for said in told["comparisons"]:
        code = said["output_column_name"]
        total = sum(seen[code].values())
        if not total:
            levels[code] = dict(FALLBACK.levels[code])
            continue
        known = {
            one["label_for_charts"]: one.get("m_probability")
            for one in said["comparison_levels"]
            if not one.get("is_null_level")
        }
        # Values go wrong and change in every base: that two differ never speaks against one person without bound.
        least = {name: _LEAST_M_OTHER if name == LEVEL_ELSE else _LEAST_M for name in BY_CODE[code].codes}
        m = {name: max(known[name] if isinstance(known[name], float) else 0.0, least[name]) for name in least}
        trained[code] = tuple(name for name, share in m.items() if share > least[name])
        whole = sum(m.values())
        levels[code] = {
            name: (
                share / whole,
                _u(seen[code].get(name, 0) - hidden * share * total, total, FALLBACK.levels[code][name][1]),
            )
            for name, share in m.items()
        }
    return Parameters(start.prior, levels, trained)


def _prior(con: duckdb.DuckDBPyConnection, records: int) -> float:
    """Sure matches over all pairs, divided by the share of matches the strict rules are taken to find."""
    union = " UNION ".join(
        f"SELECT l.unique_id, r.unique_id FROM people l JOIN people r ON l.unique_id < r.unique_id AND l.kind = r.kind AND {rule}"
        for rule in _SURE
    )
    sure = one_number(con, f"SELECT count(*) FROM ({union})")
    pairs = records * (records - 1) / 2
    return min(max(sure / _RECALL / pairs, 0.5 / pairs), 0.2)


def _pairs(con: duckdb.DuckDBPyConnection, rule: str) -> int:
    return one_number(con, f"SELECT count(*) FROM people l JOIN people r ON l.unique_id < r.unique_id AND {rule}")

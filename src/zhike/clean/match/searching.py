"""A search: files read in batches, pairs found and weighed in memory, and what is likely kept. Runs in a spawned child."""

import gc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhike.clean.match import opening
from zhike.customers import queries as customers
from zhike_analytics.linkage import blocking, engine, features, learning
from zhike_analytics.linkage.parameters import Parameters

if TYPE_CHECKING:
    import duckdb

REVIEW_FROM = 0.0  # even odds: below it nobody is asked
MEMORY_MB = 1_800  # of the database in memory; the whole child stays below 2 GB at a million files
_BATCH = 20_000
_MOST_KEPT = 100_000
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair that may be one customer: ids, weight, and what each comparison adds."""

    low_id: int
    high_id: int
    weight: float
    parts: tuple[engine.Part, ...]
    is_conflict: bool = False

    @property
    def probability(self) -> float:
        """The chance that it is one customer."""
        return engine.probability(self.weight)


@dataclass(slots=True)
class Searched:
    """What a search found. `parameters` are those the weights were made with; `fit` is set where they were learned anew."""

    parameters: Parameters
    fit: learning.Fit | None
    records: int
    looked_at: int
    capped: list[tuple[str, int]]
    pairs: list[Weighed] = field(default_factory=list)


def search_all(parameters: Parameters | None, *, tell: Tell) -> Searched:
    """Over the whole base; learns the parameters anew when none are given."""
    con = engine.memory(MEMORY_MB)
    try:
        records = _load(con, tell)
        fit = None
        if parameters is None:
            tell("learning", 0, 0)
            fit = learning.fit(con)
            parameters = fit.parameters
        tell("pairing", 0, 0)
        blocked = blocking.block(con)
        tell("weighing", 0, blocked.count)
        found = engine.score(con, parameters, at_least=REVIEW_FROM - 8)
        settled = learning.settled(found.column("weight").to_pylist(), parameters, records) if fit else parameters
        pairs = list(_weighed(found.to_pylist(), parameters, settled))
        capped = [(c.rule, c.records) for c in blocked.capped[:50]]
        return Searched(settled, fit, records, blocked.count, capped, pairs)
    finally:
        con.close()


def search_changes(root_ids: Sequence[int], parameters: Parameters, *, tell: Tell) -> Searched:
    """What has changed against who stands near: only those files are opened."""
    fresh = sorted(set(root_ids))
    near = customers.standing_near(fresh)
    base = customers.count_files()
    con = engine.memory(MEMORY_MB)
    try:
        _load(con, tell, [*fresh, *sorted(near)])
        con.execute("CREATE TABLE fresh AS SELECT unnest(?::BIGINT[]) AS unique_id", [fresh])
        _true_rarity(con, base, parameters)
        tell("pairing", 0, 0)
        blocked = blocking.block(con, only_fresh=True)
        tell("weighing", 0, blocked.count)
        # Most changes stand near nobody: then there is nothing to weigh, and no model to set up for it.
        found = engine.score(con, parameters, at_least=-60, base=base).to_pylist() if blocked.count else []
        pairs = list(_weighed(found, parameters, parameters, several=_sharers(con)))
        return Searched(
            parameters, None, len(fresh), blocked.count, [(c.rule, c.records) for c in blocked.capped[:50]], pairs
        )
    finally:
        con.close()


def _load(con: "duckdb.DuckDBPyConnection", tell: Tell, ids: Sequence[int] | None = None) -> int:
    """Lay the files into the table `people`, batch by batch; returns how many."""
    total = customers.count_files() if ids is None else len(ids)
    done = 0
    con.register("batch", features.table([]))
    con.execute("CREATE TABLE people AS FROM batch")
    # Nothing of a file refers to itself: looking for such circles took a third of the time.
    gc.disable()
    try:
        for files in _batches(ids):
            con.register("batch", features.table(opening.known(files)))
            con.execute("INSERT INTO people FROM batch")
            done += len(files)
            tell("reading_files", done, max(total, done))
    finally:
        gc.enable()
    con.unregister("batch")
    return done


def _batches(ids: Sequence[int] | None) -> Iterator[list[customers.MatchingFile]]:
    if ids is not None:
        for start in range(0, len(ids), _BATCH):
            yield customers.files_to_match(ids=ids[start : start + _BATCH])
        return
    after = 0
    while files := customers.files_to_match(after=after, limit=_BATCH):
        after = files[-1].customer_id
        yield files


def _true_rarity(con: "duckdb.DuckDBPyConnection", base: int, parameters: Parameters) -> None:
    """How rare names are in the whole base, though only a part of it is here."""
    names = [name for (name,) in con.execute("SELECT DISTINCT name FROM people WHERE name IS NOT NULL").fetchall()]
    counts = customers.name_counts(names)
    con.execute(
        "CREATE TABLE counted AS SELECT unnest(?::VARCHAR[]) AS name, unnest(?::BIGINT[]) AS n",
        [list(counts), list(counts.values())],
    )
    for column in ("name", "reading", "turned"):
        share = engine.rarity("sum(coalesce(n, 1))", column, base, parameters)
        con.execute(
            f'CREATE TABLE "rare_{column}" AS SELECT own.value, {share} AS share '
            f'FROM (SELECT DISTINCT "{column}" AS value, name FROM people WHERE "{column}" IS NOT NULL) own '
            "LEFT JOIN counted USING (name) GROUP BY 1"
        )


def _sharers(con: "duckdb.DuckDBPyConnection") -> set[int]:
    """Changed files whose telephone or e-mail several other files state: none of them was joined, so a person decides."""
    rows = con.execute(
        "WITH said AS (SELECT unique_id, unnest(phones) AS v FROM people UNION SELECT unique_id, email FROM people WHERE email IS NOT NULL), "
        "shared AS (SELECT v FROM said GROUP BY v HAVING count(DISTINCT unique_id) BETWEEN 3 AND 10) "
        "SELECT DISTINCT unique_id FROM said SEMI JOIN shared USING (v) WHERE unique_id IN (FROM fresh)"
    ).fetchall()
    return {one for (one,) in rows}


def _weighed(
    rows: Sequence[dict[str, Any]],
    used: Parameters,
    settled: Parameters,
    several: set[int] = frozenset(),  # type: ignore[assignment]
) -> Iterator[Weighed]:
    """The likely pairs, heaviest first; a shared identifier that several state is always asked about."""
    shift = settled.prior_weight - used.prior_weight
    kept = 0
    for row in rows:
        weight = row["weight"] + shift
        parts = engine.parts_of(row, used)
        exact = any(p.comparison in ("phone", "email") and p.level == "exact" for p in parts)
        conflict = exact and (row["l"] in several or row["r"] in several)
        if (weight < REVIEW_FROM and not conflict) or kept >= _MOST_KEPT:
            continue
        kept += 1
        yield Weighed(row["l"], row["r"], weight, parts, conflict and weight < REVIEW_FROM)

"""Which pairs are looked at: those that share one of these keys. A key that too many share opens no pairs, and is told.

Ten thousand records with one telephone would be fifty million pairs of strangers; the finer keys (name with city, name
with the end of the telephone) still bring together what belongs together among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Rule:
    """A key of a record: `parts` are SQL expressions that must all be known; more than `at_most` sharers open no pairs."""

    code: str
    parts: tuple[str, ...]
    at_most: int = 40
    largest_base: int | None = None  # a broad key that only a small base can afford


_PHONE_END = "right(phone, 4)"
_PHONE_HEAD = "left(phone, 7)"
_SMALL = 20_000
RULES = (
    Rule("phone", ("unnest(phones)",)),
    Rule("email", ("email",)),
    Rule("local_part", ("CASE WHEN length(local) >= 5 THEN local END",), 20),
    Rule("handle", ("unnest(handles)",)),
    Rule("name", ("turned",), 10),
    Rule("name_city", ("turned", "city"), 30),
    Rule("name_day", ("turned", "day")),
    Rule("name_phone_end", ("turned", _PHONE_END)),
    Rule("name_phone_head", ("turned", _PHONE_HEAD)),
    Rule("sound_city", ("sound", "coalesce(district, city)"), 30),
    Rule("surname_phone_head", ("surname", _PHONE_HEAD), 30),
    Rule("surname_phone_end", ("surname", _PHONE_END, "coalesce(city, province)"), 30),
    Rule("phone_end_eight", ("CASE WHEN length(phone) >= 8 THEN right(phone, 8) END",)),
    Rule("detail", ("detail", "city"), 30),
    Rule("numbers_district", ("CASE WHEN length(numbers) >= 4 THEN numbers END", "coalesce(district, city)"), 30),
    Rule("day_surname", ("day", "surname"), 30),
    Rule("day_place", ("day", "coalesce(district, city)"), 30),
    Rule("day", ("day",), 20),
    Rule("employer_surname", ("employer", "surname"), 15),
    Rule("surname_city", ("surname", "city"), 30, _SMALL),
    Rule("given_city", ("given", "city"), 30, _SMALL),
    Rule("given_year", ("given", "left(day, 4)"), 30, _SMALL),
    Rule("surname_year", ("surname", "left(day, 4)"), 30, _SMALL),
    Rule("given", ("given",), 30, _SMALL),
    Rule("surname", ("surname",), 30, _SMALL),
    Rule("city", ("city",), 30, _SMALL),
)


@dataclass(frozen=True, slots=True)
class Capped:
    """A key too many share: which rule, how many records. Whose value it is, is not kept."""

    rule: str
    records: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """The pairs to score lie in the table `pairs` (l, r, rules as bits); `capped` are the keys left out, largest first."""

    count: int
    by_rule: dict[str, int]
    capped: tuple[Capped, ...]


def block(con: duckdb.DuckDBPyConnection, *, only_fresh: bool = False, rules: tuple[Rule, ...] = RULES) -> Blocked:
    """Find the pairs of the table `people`; with `only_fresh`, those with a record of the table `fresh` (unique_id)."""
    con.execute("CREATE OR REPLACE TABLE found (l BIGINT, r BIGINT, rule TINYINT)")
    by_rule: dict[str, int] = {}
    capped: list[Capped] = []
    records = con.execute("SELECT count(*) FROM people").fetchall()[0][0]
    for at, rule in enumerate(rules):
        if rule.largest_base is not None and records > rule.largest_base:
            continue
        con.execute(_keys_sql(rule))
        rows = con.execute(
            "SELECT records FROM (SELECT count(*) AS records FROM keyed GROUP BY key) WHERE records > ? "
            "ORDER BY records DESC LIMIT 100",
            [rule.at_most],
        ).fetchall()
        capped += [Capped(rule.code, sharers) for (sharers,) in rows if rule.largest_base is None]
        touched = "WHERE a.id IN (FROM fresh) OR b.id IN (FROM fresh)" if only_fresh else ""
        con.execute(
            f"INSERT INTO found SELECT a.id, b.id, {at} FROM narrow a JOIN narrow b ON a.key = b.key AND a.id < b.id {touched}"
        )
        by_rule[rule.code] = con.execute("SELECT count(*) FROM found WHERE rule = ?", [at]).fetchall()[0][0]
    con.execute(
        "CREATE OR REPLACE TABLE pairs AS SELECT l, r, bit_or(1::BIGINT << rule) AS rules FROM found GROUP BY l, r"
    )
    con.execute("DROP TABLE found; DROP TABLE keyed; DROP TABLE narrow")
    count = con.execute("SELECT count(*) FROM pairs").fetchall()[0][0]
    return Blocked(count, by_rule, tuple(sorted(capped, key=lambda c: (-c.records, c.rule))))


def _keys_sql(rule: Rule) -> str:
    """The keys of one rule, as hashes: `keyed` all of them, `narrow` those few enough share."""
    names = [f"k{n}" for n in range(len(rule.parts))]
    parts = ", ".join(f"{part} AS {name}" for part, name in zip(rule.parts, names, strict=True))
    known = " AND ".join(f"{name} IS NOT NULL" for name in names)
    return (
        f"CREATE OR REPLACE TABLE keyed AS SELECT DISTINCT hash(kind, {', '.join(names)}) AS key, unique_id AS id "
        f"FROM (SELECT kind, unique_id, {parts} FROM people) WHERE {known};"
        f"CREATE OR REPLACE TABLE narrow AS SELECT key, id FROM keyed SEMI JOIN "
        f"(SELECT key FROM keyed GROUP BY key HAVING count(*) BETWEEN 2 AND {rule.at_most}) few USING (key)"
    )

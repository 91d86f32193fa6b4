"""Data quality 数据质量 by the dimensions of DAMA UK: complete, valid, unique, timely, consistent; of any table, by any group.

Every measure answers one row a column (and group): ``column``, ``group`` where ``by`` is given, ``good``, ``of`` and ``share``
(good ÷ of; null where nothing was looked at). Accuracy is not among them: agreement with an outside truth cannot be computed
from the table alone.

What a cell says counts, not that it holds text: "N/A", 无, "test", 11111111111 and the like are blank. Blanks are incomplete,
never invalid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table
from zhike_analytics.quality_bits import (
    ASKED,
    COMPARED,
    CONTRADICTED,
    DATED,
    EXTRA,
    FILLED,
    IDENTIFYING,
    INVALID,
    STALE,
)
from zhike_analytics.values.text import BLANK_EXACT, BLANK_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    import ibis.expr.types as ir

# Dimension → (bits of which one must stand for a value to count, bits of which one makes it bad, bits all good ones have).
_COUNTED = {
    "completeness": (ASKED, 0, FILLED),
    "validity": (FILLED | INVALID, INVALID, 0),
    "uniqueness": (IDENTIFYING, EXTRA, 0),
    "timeliness": (DATED, STALE, 0),
    "consistency": (COMPARED, CONTRADICTED, 0),
}
_SAME_DIGITS = "^(" + "|".join(f"{digit}{{7,}}" for digit in range(10)) + ")$"


def is_blank(value: ir.Value) -> ir.BooleanValue:
    """Whether a cell says nothing: null, empty, or one of the words and rows of digits people type to get past a form."""
    if not value.type().is_string():
        return value.isnull()
    calm = value.strip()
    says_nothing = calm.isin(sorted({"", *BLANK_EXACT})) | calm.lower().isin(sorted(BLANK_WORDS))
    return value.isnull() | says_nothing | calm.replace("-", "").re_search(_SAME_DIGITS)


def completeness(
    rows: Any, *, columns: Iterable[str], required: Mapping[str, str] | None = None, by: str = "", con: Any = None
) -> ir.Table:
    """Filled ÷ required. ``required`` names, for some columns, a boolean column that says which rows need it (default: all).

    A published example: 294 of 300 persons have an emergency number, 98 %.
    """
    t, needs = table(rows, con), required or {}
    every = ibis.literal(True)
    asked = {name: t[needs[name]] if name in needs else every for name in columns}
    return _stacked(t, by, {name: (asked[name], ~is_blank(t[name])) for name in asked})


def validity(rows: Any, *, rules: Mapping[str, str], by: str = "", con: Any = None) -> ir.Table:
    """Conforming to the rule ÷ filled. ``rules``: column → regular expression the whole cell must match; blanks do not count."""
    t = table(rows, con)
    found = {}
    for name, pattern in rules.items():
        text = t[name].cast("string")
        found[name] = (~is_blank(text), text.strip().re_search(f"^(?:{pattern})$"))
    return _stacked(t, by, found)


def uniqueness(rows: Any, *, columns: Iterable[str], by: str = "", con: Any = None) -> ir.Table:
    """Distinct things ÷ records, per identifying column: 500 pupils in 520 records are 96.2 %. Blanks identify nobody.

    ``good`` is the number of distinct values, ``of`` that of filled cells, each within its group.
    """
    t = table(rows, con)
    held = {name: ~is_blank(t[name]) for name in columns}
    return _counted(
        t, by, {(name,): (t[name].nunique(where=is_held), t.count(where=is_held)) for name, is_held in held.items()}
    )


def timeliness(rows: Any, *, columns: Mapping[str, int], as_of: date | str, by: str = "", con: Any = None) -> ir.Table:
    """Not older than agreed ÷ dated. ``columns``: a column of days → the most days it may lie before ``as_of``.

    A value exactly that old is still timely; one without a day is not looked at.
    """
    t, day = table(rows, con), ibis.date(str(as_of))
    found = {}
    for name, most_days in columns.items():
        if most_days < 0:
            raise MeasureProblem("quality.negative_days", column=name)
        found[name] = (t[name].notnull(), t[name].cast("date") >= day - ibis.interval(days=most_days))
    return _stacked(t, by, found)


def consistency(
    rows: Any, *, checks: Mapping[str, Callable[[ir.Table], ir.BooleanValue]], by: str = "", con: Any = None
) -> ir.Table:
    """Without contradiction ÷ looked at. ``checks``: name → what must hold between columns; null means it says nothing here."""
    t = table(rows, con)
    held = {name: check(t) for name, check in checks.items()}
    return _stacked(t, by, {name: (told.notnull(), ibis.coalesce(told, False)) for name, told in held.items()})


def tallied(checked: Any, *, columns: Iterable[str], by: str = "", con: Any = None) -> ir.Table:
    """All dimensions of a table of findings: one whole number of bits a value (``ASKED``, ``FILLED`` …), one column a field.

    Returns column, dimension, ``group`` where ``by`` is given, good, of, share.
    """
    t, groups = table(checked, con), ["group"] if by else []
    cells = [ibis.struct({"column": ibis.literal(name), "bits": t[name].cast("int64")}) for name in columns]
    if not cells:
        raise MeasureProblem("quality.no_columns")
    grouped = {"group": t[by]} if by else {}
    findings = t.select(**grouped, cell=ibis.array(cells).unnest()).unpack("cell")
    # Few patterns of bits occur: counted first, the dimensions are read off some hundred rows instead of every value.
    patterns = findings.group_by(["column", "bits", *groups]).aggregate(values=findings.count())
    masks = [
        ibis.struct({"dimension": name, "counts": counts, "bad": bad, "needs": needs})
        for name, (counts, bad, needs) in _COUNTED.items()
    ]
    p = patterns.mutate(mask=ibis.array(masks).unnest()).unpack("mask")
    looked = (p.bits & p.counts) != 0
    good = looked & ((p.bits & p.bad) == 0) & ((p.bits & p.needs) == p.needs)
    names = ["column", "dimension", *groups]
    rows = p.group_by(names).aggregate(
        **{
            what: ibis.coalesce(p["values"].sum(where=which), 0).cast("int64")
            for what, which in (("good", good), ("of", looked))
        }
    )
    return rows.mutate(share=rows.good / rows.of.nullif(0)).order_by(names)


def _stacked(t: ir.Table, by: str, found: Mapping[str, tuple[Any, Any]]) -> ir.Table:
    """One row a column: how many were looked at, and how many of these are good."""
    return _counted(t, by, {(name,): _pair(t, *pair) for name, pair in found.items()})


def _pair(t: ir.Table, looked: Any, good: Any) -> tuple[Any, Any]:
    return t.count(where=looked & good), t.count(where=looked)


def _counted(t: ir.Table, by: str, figures: Mapping[tuple[str, ...], tuple[Any, Any]], *more: str) -> ir.Table:
    """Everything in one pass over the rows, then laid out as one row a figure."""
    if not figures:
        raise MeasureProblem("quality.no_columns")
    named = {}
    for number, (good, of) in enumerate(figures.values()):
        named[f"good_{number}"], named[f"of_{number}"] = good, of
    whole = t.group_by(t[by].name("group")).aggregate(**named) if by else t.aggregate(**named)
    told = []
    for number, names in enumerate(figures):
        row = {name: ibis.literal(text) for name, text in zip(("column", *more), names, strict=True)}
        counts = {what: ibis.coalesce(whole[f"{what}_{number}"], 0).cast("int64") for what in ("good", "of")}
        told.append(ibis.struct(row | counts))
    groups = ["group"] if by else []
    rows = whole.select(*groups, told=ibis.array(told).unnest()).unpack("told")
    rows = rows.select("column", *more, *groups, "good", "of")
    return rows.mutate(share=rows.good / rows.of.nullif(0)).order_by(["column", *more, *groups])

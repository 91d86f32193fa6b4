"""A cube's question answered on the lake: its cells, or the customers of one cell. For the warm child."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zhike.analyze.cubes.facts import Facts, Sight
from zhike.analyze.cubes.fields import DIMENSIONS, MEASURES, TIME
from zhike.analyze.cubes.question import Question
from zhike.analyze.lake import Lake
from zhike.kit.installation import installation

if TYPE_CHECKING:
    import ibis.expr.types as ir

# How many groups are told by themselves, by how many dimensions stand on a side.
_MOST_ROWS = {1: (60,), 2: (25, 8), 3: (12, 6, 4)}
_MOST_COLUMNS = {1: (24,), 2: (8, 4)}
_ROUND = ("weekday", "hour")  # dimensions that come round: all of their groups are told
PEOPLE = 50


def answer(lake: Lake, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to a question as `asking` stores it. `at`: the cell whose customers are wanted, else the cells."""
    question = Question.from_json(asked["question"])
    at = asked.get("at")
    told = question if at is None else question.narrowed([(name, value) for name, value in at])
    sight = Sight(asked["owners"], dt.date.fromisoformat(asked["as_of"]), installation().time_zone)
    facts = Facts(lake, told, sight)
    found = _cells(facts, told) if at is None else {"people": _people(facts, told, asked.get("after"))}
    currency = facts.left_out.get("currency") or installation().currency
    return {**found, "currency": currency, "left_out": facts.left_out, "names": _names(lake, told, found)}


def base_measures(question: Question) -> list[str]:
    """The measures that are counted; rates stand on two of them."""
    found: dict[str, None] = {}
    for code in question.measures:
        measure = MEASURES[code]
        found |= dict.fromkeys((measure.how, measure.over) if measure.over else (code,))
    return list(found)


def _cells(facts: Facts, question: Question) -> dict[str, Any]:
    """Cells as [depth, across, [groups of rows], [groups of columns], [measures]], and which groups are told together."""
    from zhike_analytics.cubes import REST, cube, shortened

    codes, rows, columns = base_measures(question), question.rows, question.columns
    kept = _kept(facts, question, codes[0])
    by_facts: dict[str, list[str]] = {}
    for code in codes:
        by_facts.setdefault(question.facts_of(code), []).append(code)
    cells: dict[tuple[Any, ...], dict[str, int]] = {}
    for kind, told in by_facts.items():
        made = _needed(facts.of(kind), question, told).cache()
        for name, groups in kept.items():
            made = shortened(made, f"d_{name}", groups)
        sides = [[f"d_{name}" for name in side] for side in (rows, columns)]
        found = cube(made, *sides, measures=[_measure(code) for code in told]).to_pyarrow().to_pylist()
        for cell in found:
            place = (cell["depth"], cell["across"], *(cell[name] for side in sides for name in side))
            cells.setdefault(place, {}).update({code: cell[code] for code in told})
    width = len(rows)
    listed = [
        [place[0], place[1], list(place[2 : 2 + width]), list(place[2 + width :]), [held.get(c, 0) for c in codes]]
        for place, held in cells.items()
    ]
    return {"measures": codes, "cells": listed, "shortened": [n for n in kept if _has_rest(listed, question, n, REST)]}


def _needed(facts: "ir.Table", question: Question, codes: list[str]) -> "ir.Table":
    columns = [f"d_{name}" for name in (*question.rows, *question.columns)]
    return facts.select(*columns, *dict.fromkeys(MEASURES[c].column for c in codes if MEASURES[c].column))


def _measure(code: str) -> Any:
    from zhike_analytics.cubes import Measure

    measure = MEASURES[code]
    return Measure(code, measure.how, measure.column)


def _kept(facts: Facts, question: Question, code: str) -> dict[str, list[str]]:
    """Per dimension the groups told by themselves: the greatest by the first measure, of times the latest."""
    import ibis

    from zhike_analytics.cubes import greatest

    told = facts.of(question.facts_of(code))
    kept: dict[str, list[str]] = {}
    for side, most in ((question.rows, _MOST_ROWS), (question.columns, _MOST_COLUMNS)):
        for name, count in zip(side, most.get(len(side), ()), strict=True):
            column = f"d_{name}"
            if name in _ROUND:
                continue
            if DIMENSIONS[name].kind == TIME:
                latest = told.select(column).distinct().order_by(ibis.desc(column)).limit(count)
                kept[name] = [str(group) for group in latest.to_pyarrow()[column].to_pylist()]
            else:
                kept[name] = greatest(told, column, _measure(code), count)
    return kept


def _has_rest(cells: list[list[Any]], question: Question, name: str, rest: str) -> bool:
    side, place = (2, question.rows.index(name)) if name in question.rows else (3, question.columns.index(name))
    return any(cell[side][place] == rest for cell in cells)


def _people(facts: Facts, question: Question, after: Any) -> list[dict[str, int]]:
    """A page of the customers behind a cell and one more, by the first measure downwards; `after`: [value, customer]."""
    import ibis

    code = base_measures(question)[0]
    measure = MEASURES[code]
    told = facts.of(question.facts_of(code))
    if measure.how == "distinct":
        told = told.filter(told[measure.column].notnull())
    people = told.group_by("customer_id").aggregate(value=_measure(code).of(told))
    if after:
        value, customer = int(after[0]), int(after[1])
        beyond = (people.value < value) | ((people.value == value) & (people.customer_id > customer))
        people = people.filter(beyond)
    page = people.order_by([ibis.desc("value"), "customer_id"]).limit(PEOPLE + 1)
    return [{"customer_id": int(r["customer_id"]), "value": int(r["value"])} for r in page.to_pyarrow().to_pylist()]


def _names(lake: Lake, question: Question, found: Mapping[str, Any]) -> dict[str, str]:
    """The titles of the products that stand in the cells or the filters."""
    if "product" not in question.dimensions:
        return {}
    wanted = {value for name, values in question.where if name == "product" for value in values}
    for name, side in (("rows", 2), ("columns", 3)):
        names = getattr(question, name)
        if "product" in names:
            place = names.index("product")
            wanted |= {cell[side][place] for cell in found.get("cells", ()) if cell[side][place]}
    ids = sorted(int(value) for value in wanted if value.isdecimal())
    products = lake.table("products")
    rows = products.filter(products.product_id.isin(ids)).select("product_id", "title", "sku").to_pyarrow().to_pylist()
    return {str(row["product_id"]): row["title"] or row["sku"] or "" for row in rows}

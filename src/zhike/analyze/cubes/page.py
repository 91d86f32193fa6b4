"""What the page of the cube shows: the table of an answer with totals on every level, its chart, ways deeper and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from zhike.analyze.cubes import words
from zhike.analyze.cubes.fields import DIMENSIONS, MEASURES, TIME
from zhike.analyze.cubes.question import Question
from zhike.ui.figures import money_text, number, share_text

_SHADES = 8
_MOST_SERIES = 6
_IN_TURN = ("weekday", "hour")
Groups = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer read for one question: figures by (depth, across) and groups."""

    question: Question
    told: Mapping[str, Any]
    cells: Mapping[tuple[Groups, Groups], Mapping[str, int]]
    named: Mapping[str, Mapping[str, str]]

    def value(self, rows: Groups, columns: Groups, measure: str) -> float | None:
        """A measure of a cell or a total; None for a rate of nothing."""
        held, asked = self.cells.get((rows, columns), {}), MEASURES[measure]
        if not asked.over:
            return held.get(measure, 0)
        return held.get(asked.how, 0) / held[asked.over] if held.get(asked.over) else None

    def word(self, dimension: str, group: str) -> str:
        """A group in words."""
        return words.group(dimension, group, self.named[dimension])


def read(question: Question, told: Mapping[str, Any]) -> Answered:
    """An answer of the child, laid out by the groups of its cells."""
    cells = {}
    for depth, across, rows, columns, values in told["cells"]:
        place = (tuple(rows[:depth]), tuple(columns) if across else ())
        cells[place] = dict(zip(told["measures"], values, strict=True))
    return Answered(question, told, cells, {name: words.groups(name, told["names"]) for name in question.dimensions})


def table(answered: Answered, *, may_open: bool) -> dict[str, Any]:
    """Headings, rows with their totals, the grand total; each figure with the address of its customers."""
    question = answered.question
    columns, rows = _column_groups(answered), _row_groups(answered, ())
    shade = _shading(answered, rows, columns)
    people = f"{reverse('analyze:cube_people')}?{question.address()}" if may_open else ""
    lines = [_line(answered, row, columns, people, shade) for row in rows]
    return {
        "heads": [str(DIMENSIONS[name].label) for name in question.rows],
        "columns": _headings(answered, columns),
        "measures": question.measures,
        "labels": [str(MEASURES[code].label) for code in question.measures] * (len(columns) + 1),
        "lines": lines,
        "sum": _line(answered, (), columns, people, None),
    }


def first_groups(answered: Answered) -> list[str]:
    """The groups of the first dimension of the rows, in the order of the table."""
    return [row[0] for row in _row_groups(answered, ()) if len(row) == 1]


def _order(answered: Answered, dimension: str, at: dict[str, float]) -> list[str]:
    """The groups of a dimension in the order they are told: times as they came, others by the first measure."""
    is_time = DIMENSIONS[dimension].kind == TIME

    def place(group: str) -> tuple[Any, ...]:
        return (group == words.REST, group if is_time else -at[group], group)

    return sorted(at, key=place)


def _row_groups(answered: Answered, above: Groups) -> list[Groups]:
    """All rows below one, each before its own parts."""
    question, depth = answered.question, len(above)
    if depth == len(question.rows):
        return []
    found = {
        rows[-1]: answered.value(rows, (), question.measures[0]) or 0
        for rows, columns in answered.cells
        if len(rows) == depth + 1 and rows[:depth] == above and not columns
    }
    told: list[Groups] = []
    for group in _order(answered, question.rows[depth], found):
        told += [(*above, group), *_row_groups(answered, (*above, group))]
    return told


def _column_groups(answered: Answered) -> list[Groups]:
    question = answered.question
    if not question.columns:
        return []
    found = [columns for rows, columns in answered.cells if not rows and columns]
    orders = []
    for place, name in enumerate(question.columns):
        sums: dict[str, float] = {}
        for groups in found:
            told = answered.value((), groups, question.measures[0]) or 0
            sums[groups[place]] = sums.get(groups[place], 0) + told
        orders.append({group: at for at, group in enumerate(_order(answered, name, sums))})
    return sorted(found, key=lambda groups: tuple(order[group] for order, group in zip(orders, groups, strict=True)))


def _headings(answered: Answered, columns: list[Groups]) -> list[list[dict[str, Any]]]:
    """One line of headings a dimension of the columns: label, how many columns it spans, the way deeper."""
    lines = []
    for place, name in enumerate(answered.question.columns):
        line: list[dict[str, Any]] = []
        before: Groups | None = None
        for groups in columns:
            if before is not None and groups[: place + 1] == before[: place + 1]:
                line[-1]["width"] += len(answered.question.measures)
            else:
                line.append(_heading(answered, name, groups[place]))
            before = groups
        lines.append(line)
    return lines


def _heading(answered: Answered, dimension: str, group: str) -> dict[str, Any]:
    url = "" if group == words.REST else f"?{answered.question.deeper(dimension, group).address()}"
    return {"label": answered.word(dimension, group), "url": url, "width": len(answered.question.measures)}


def _line(
    answered: Answered, rows: Groups, columns: list[Groups], people: str, shade: float | None
) -> dict[str, Any]:  # fmt: skip
    question = answered.question
    heading = _heading(answered, question.rows[len(rows) - 1], rows[-1]) if rows else {}
    places = [*columns, ()]  # the total at the end
    return {
        **heading,
        "depth": len(rows),
        "is_part": len(rows) < len(question.rows),
        "cells": [
            _cell(answered, rows, groups, code, people, shade if groups else None)
            for groups in places
            for code in question.measures
        ],
    }


def _cell(
    answered: Answered, rows: Groups, columns: Groups, code: str, people: str, top: float | None
) -> dict[str, Any]:
    question, value = answered.question, answered.value(rows, columns, code)
    at = [*zip(question.rows, rows, strict=False), *zip(question.columns, columns, strict=False)]
    opens = people and value and all(group != words.REST for _name, group in at)
    asked = [("at", f"{name}~{group}") for name, group in at] + [("by", code)]
    shade = "" if not top or not value or value < 0 else min(_SHADES, round(_SHADES * value / top))
    return {
        "text": text(value, code, answered.told["currency"]),
        "url": f"{people}&{urlencode(asked)}" if opens else "",
        "shade": shade or "",
    }


def _shading(answered: Answered, rows: list[Groups], columns: list[Groups]) -> float | None:
    """The greatest cell, where one measure stands alone and cells may be shaded by it."""
    question = answered.question
    if not columns or len(question.measures) > 1:
        return None
    whole = [row for row in rows if len(row) == len(question.rows)]
    told = [answered.value(row, groups, question.measures[0]) or 0 for row in whole for groups in columns]
    return max(told, default=0) or None


def text(value: float | None, code: str, currency: str) -> str:
    """A figure as it is written."""
    unit = MEASURES[code].unit
    if not value:
        return "–" if value is None else "·"
    if unit == "money":  # cents make a table wide and no figure of it clearer
        return money_text(round(value / 100) * 100, currency).removesuffix(".00")
    return share_text(value) if unit == "share" else number(round(value))


def chart(answered: Answered) -> dict[str, Any] | None:
    """The first measure by the first dimension of the rows, or over time where the columns are times."""
    question, code = answered.question, answered.question.measures[0]
    rows = [row for row in _row_groups(answered, ()) if len(row) == 1]
    columns = _column_groups(answered) if len(question.columns) == 1 else []
    if not rows or (len(rows) == 1 and len(columns) < 2):
        return None
    over_time = bool(columns) and DIMENSIONS[question.columns[0]].kind == TIME
    scale = 100 if MEASURES[code].unit == "money" else 1
    is_sum = not MEASURES[code].over and MEASURES[code].how in ("sum", "count")

    def figure(row: Groups, groups: Groups) -> float:
        return round((answered.value(row, groups, code) or 0) / scale, 4)

    if over_time:
        labels = [answered.word(question.columns[0], groups[0]) for groups in columns]
        lines = [(row, [figure(row, groups) for groups in columns]) for row in rows[:_MOST_SERIES]]
        series = [{"name": answered.word(question.rows[0], row[0]), "values": told} for row, told in lines]
    else:
        labels = [answered.word(question.rows[0], row[0]) for row in rows[:24]]
        sides: list[Groups] = list(columns[:_MOST_SERIES]) or [()]
        series = [
            {
                "name": answered.word(question.columns[0], side[0]) if side else str(MEASURES[code].label),
                "values": [figure(row, side) for row in rows[:24]],
            }
            for side in sides
        ]
    return {
        "kind": "line" if over_time else "bar",
        "stacked": is_sum and len(series) > 1 and not over_time,
        "title": str(MEASURES[code].label),
        "labels": labels,
        "series": series,
    }


def chips(question: Question, named: Mapping[str, Mapping[str, str]]) -> list[dict[str, str]]:
    """The filters, each with the way back."""
    return [
        {
            "label": str(DIMENSIONS[name].label),
            "value": "、".join(words.group(name, value, named.get(name, {})) for value in values),
            "remove_url": f"?{question.without(name).address()}",
        }
        for name, values in question.where
    ]


def choices(answered: Answered) -> list[dict[str, Any]]:
    """Per dimension in the table the groups told, to look at some of them only."""
    question, found = answered.question, []
    for side, names in ((0, question.rows), (1, question.columns)):
        for place, name in enumerate(names):
            groups = {told[side][place] for told in answered.cells if len(told[side]) > place}
            chosen = dict(question.where).get(name, ())
            listed = [
                {"value": f"{name}~{group}", "label": answered.word(name, group), "chosen": group in chosen}
                for group in sorted(groups - {words.REST})
            ]
            if len(listed) > 1 or chosen:
                rest = question.without(name)
                found.append({"label": str(DIMENSIONS[name].label), "listed": listed, "rest": pairs(rest)})
    return found


def pairs(question: Question) -> list[tuple[str, str]]:
    """A question as the names and values of a form."""
    from urllib.parse import parse_qsl

    return parse_qsl(question.address(), keep_blank_values=True)


def csv_rows(answered: Answered) -> list[list[str | int | float]]:
    """The cells of an answer as a long table: level, groups, measures (cents and counts), for a file."""
    question = answered.question
    dimensions = (*question.rows, *question.columns)
    lines: list[list[str | int | float]] = [["depth", *dimensions, *question.measures]]
    for rows in [(), *_row_groups(answered, ())]:
        for groups in [(), *_column_groups(answered)]:
            if (rows, groups) not in answered.cells:
                continue
            told = [answered.word(n, g) for n, g in zip(question.rows, rows, strict=False)]
            told += [""] * (len(question.rows) - len(rows))
            across = [answered.word(n, g) for n, g in zip(question.columns, groups, strict=False)]
            across += [""] * (len(question.columns) - len(groups))
            values = [answered.value(rows, groups, code) for code in question.measures]
            lines.append([len(rows), *told, *across, *("" if v is None else round(v, 4) for v in values)])
    return lines

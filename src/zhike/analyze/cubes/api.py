"""The cube over the API: ask with a question, ask again until it is counted."""

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from zhike.analyze.cubes import asking, words
from zhike.analyze.cubes.fields import DIMENSIONS, MEASURES
from zhike.analyze.cubes.question import SPANS, Question, QuestionRefused
from zhike.api.problems import Fault, Problem, answers
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict

routes = Routes("Cube")
DimensionCode: Any = Literal[tuple(DIMENSIONS)]
MeasureCode: Any = Literal[tuple(MEASURES)]
SpanCode: Any = Literal[SPANS]


class PartIn(Strict):
    """A dimension held at some of its values; `unknown` stands for what is not known."""

    dimension: DimensionCode
    values: list[str] = Field(min_length=1, max_length=60)


class CubeIn(Strict):
    """What by what, of which part, in which period. `first` and `last` are for the span `own`."""

    rows: list[DimensionCode] = Field(min_length=1, max_length=3)
    columns: list[DimensionCode] = Field(default_factory=list, max_length=2)
    measures: list[MeasureCode] = Field(min_length=1, max_length=4)
    where: list[PartIn] = Field(default_factory=list, max_length=10)
    span: SpanCode = "days_365"
    first: dt.date | None = None
    last: dt.date | None = None


class CubeCell(Strict):
    """Figures of a cell, or of a total: `rows` names as many groups as are told apart, `columns` all or none."""

    rows: list[str]
    columns: list[str]
    values: dict[str, int] = Field(description="Counts and cents by measure. A rate is told by what it is made of.")


class CubeOut(Strict):
    """`counting`: ask again in a second. `done`: the cells, with the totals of every level."""

    state: Literal["counting", "done"]
    read_at: dt.datetime | None = Field(None, description="The state of the shop's data that was counted.")
    currency: str | None = None
    cells: list[CubeCell] = Field(default_factory=list)
    names: dict[str, str] = Field(default_factory=dict, description="Titles of products by the id in the cells.")


@answers(QuestionRefused)
def _refused(error: QuestionRefused) -> Problem:
    where = f"body.{error.name}" if error.name else "body"
    return Problem("value_refused", faults=[Fault(where, error.code, words.refusal(error))])


@routes.ask("/cube", answer=CubeOut, scope="insight:read", needs="analyze.view")
def ask_cube(request: ApiRequest, asked: CubeIn) -> dict[str, Any]:
    """Count any measure by any dimensions, of the customers in the scope of the token's maker."""
    question = Question(
        rows=tuple(asked.rows),
        columns=tuple(asked.columns),
        measures=tuple(asked.measures),
        where=tuple((part.dimension, tuple(part.values)) for part in asked.where),
        span=asked.span,
        first=asked.first.isoformat() if asked.first else "",
        last=asked.last.isoformat() if asked.last else "",
    )
    told = asking.answer_to(request.viewer, question)
    if told is not None and "error" in told:
        asking.ask(question, by=request.viewer)
        raise Problem("state_conflict")
    if told is None:
        asking.ask(question, by=request.viewer)
        return {"state": "counting"}
    cells = [
        {
            "rows": rows[:depth],
            "columns": columns if across else [],
            "values": dict(zip(told["measures"], values, strict=True)),
        }
        for depth, across, rows, columns, values in told["cells"]
    ]
    return {
        "state": "done",
        "read_at": told["read_at"],
        "currency": told["currency"],
        "cells": cells,
        "names": told["names"],
    }

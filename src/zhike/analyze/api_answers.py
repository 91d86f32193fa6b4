"""Satisfaction and loyalty over the API: figures of all who answered, never of one."""

import datetime as dt
from typing import Any

from pydantic import Field

from zhike.analyze import queries
from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict

voices = Routes("Satisfaction and loyalty")


class EstimateOut(Strict):
    """A figure with its 95 % interval; nulls where nobody answered."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class QuestionMean(EstimateOut):
    """A question's mean on 0–100."""

    code: str
    text: str


class SatisfactionOut(Strict):
    """The newest figures of satisfaction, of all who answered; nobody's own answers."""

    run: str
    as_of: dt.date
    questionnaire: str
    title: str
    responses: int
    index: EstimateOut | None
    satisfied: EstimateOut | None = Field(description="CSAT, a share.")
    recommend: EstimateOut | None = Field(description="NPS, −100 to 100.")
    effort: EstimateOut | None = Field(description="Share that found it easy.")
    questions: list[QuestionMean]


class CellOut(Strict):
    """Customers of a cell of the two axes: true, habit, liking, low."""

    cell: str
    customers: int


class LoyaltyOut(Strict):
    """The newest figures of loyalty: repurchase in a year, and the two axes of those who answered."""

    run: str
    as_of: dt.date
    since: dt.date
    repurchase: EstimateOut
    placed: int
    cells: list[CellOut]


@voices.get("/satisfaction", answer=SatisfactionOut, scope="insight:read", needs="analyze.view")
def read_satisfaction(request: ApiRequest) -> dict[str, Any]:
    """The newest run: index, CSAT, NPS, CES and every question with intervals."""
    run = queries.latest_run("satisfaction")
    if run is None or "questionnaire" not in run.counts:
        raise Problem("not_found")
    counts = run.counts
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "questionnaire": counts["questionnaire"]["public_id"],
        "title": counts["questionnaire"]["title"],
        "responses": counts["customers"],
        **{name: _estimate(counts[name]) for name in ("index", "satisfied", "recommend", "effort")},
        "questions": [{"code": one["code"], "text": one["text"], **(_estimate(one) or {})} for one in counts["items"]],
    }


@voices.get("/loyalty", answer=LoyaltyOut, scope="insight:read", needs="analyze.view")
def read_loyalty(request: ApiRequest) -> dict[str, Any]:
    """The newest run: repurchase with its interval, customers of each cell."""
    run = queries.latest_run("loyalty")
    if run is None:
        raise Problem("not_found")
    counts = run.counts
    cells = [{"cell": one["cell"], "customers": one["customers"]} for one in counts["cells"]]
    return {"run": run.public_id, "as_of": run.as_of, "since": counts["since"], "placed": counts["placed"],
            "repurchase": _estimate(counts["repurchase"]), "cells": cells}  # fmt: skip


def _estimate(one: Any) -> dict[str, Any] | None:
    return {name: one[name] for name in ("value", "low", "high", "n")} if one else None

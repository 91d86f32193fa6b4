"""Loyalty on two axes: what customers did in a year beside what they said they feel. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zhike.analyze import results, satisfaction_recipe
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.rfm_recipe import counted_orders
from zhike.survey import queries as surveys
from zhike.survey.records import AnswerTable, QuestionFacts

OCCASIONS_FROM, ATTITUDE_FROM = 2, 75.0
CELLS = ("true", "habit", "liking", "low")
_WINDOW_DAYS = 365


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Repurchase with its interval for all; for those who answered the two axes, and what else they said."""
    from zhike_analytics.loyalty import repurchase_rate

    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    since = as_of - dt.timedelta(days=_WINDOW_DAYS - 1)
    rate = repurchase_rate(orders, since=since, until=as_of)
    found = surveys.newest_answered()
    until = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    asked = surveys.questions(found.id) if found else []
    told = surveys.answers(found.id, until=until) if found else AnswerTable()
    rows = _rows(lake, asked, told, _bought(orders, since, as_of))
    results.write_numbered(lake, rows, path, "loyal")
    cells = rows["cell"].to_pylist()
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "customers": rate.n,
        "since": since.isoformat(),
        "repurchase": {"value": rate.value, "low": rate.low, "high": rate.high, "n": rate.n},
        "title": found.title if found else "",
        "placed": rows.num_rows,
        "occasions_from": OCCASIONS_FROM,
        "attitude_from": ATTITUDE_FROM,
        "cells": [_cell(rows, cells, cell) for cell in CELLS],
        "said": [_said(q, told) for q in asked if q.role in ("recommend", "wallet", "switching", "price")],
    }


def _bought(orders: Any, since: dt.date, as_of: dt.date) -> dict[int, tuple[int, int]]:
    """{customer: (days with a purchase, net cents)} of the window."""
    import ibis

    inside = orders.filter(orders.day.between(ibis.date(since), ibis.date(as_of)))
    each = inside.group_by("customer_id").aggregate(
        occasions=inside.day.nunique(where=inside.net_cents > 0), net_cents=inside.net_cents.sum().cast("int64")
    )
    return {row["customer_id"]: (row["occasions"], row["net_cents"]) for row in each.to_pyarrow().to_pylist()}


def _rows(
    lake: Lake, asked: list[QuestionFacts], told: AnswerTable, bought: dict[int, tuple[int, int]]
) -> Any:  # fmt: skip
    """A row for each known customer who said what they feel, greatest amount first."""
    import pyarrow as pa

    from zhike_analytics.loyalty import place

    felt = satisfaction_recipe.feelings(asked, told)
    newest = satisfaction_recipe.newest_of_each(lake, told)
    placed = place(
        ((who, bought.get(who, (0, 0))[0], felt[at][1]) for who, at in newest.items()),
        occasions_from=OCCASIONS_FROM,
        attitude_from=ATTITUDE_FROM,
    )
    placed.sort(key=lambda one: (-bought.get(int(one.customer), (0, 0))[1], one.customer))
    columns: dict[str, list[Any]] = {
        "rank": list(range(1, len(placed) + 1)),
        "customer_id": [one.customer for one in placed],
        "cell": [one.cell for one in placed],
        "occasions": [one.occasions for one in placed],
        "attitude": [round(one.attitude) for one in placed],
        "historic_cents": [bought.get(int(one.customer), (0, 0))[1] for one in placed],
    }
    kinds = {"cell": pa.string()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()})


def _cell(rows: Any, cells: list[str], cell: str) -> dict[str, Any]:
    money = [cents for cents, own in zip(rows["historic_cents"].to_pylist(), cells, strict=True) if own == cell]
    return {"cell": cell, "customers": len(money), "historic_cents": sum(money)}


def _said(question: QuestionFacts, told: AnswerTable) -> dict[str, Any]:
    """Advocacy, share of wallet, switching cost, price: the mean on 0–100 of all who answered, known or not."""
    from zhike_analytics.satisfaction import Scale, mean_index, net_promoters

    given = [value for value in told.columns[question.code] if value is not None]
    if question.role == "recommend":
        one = net_promoters(given).score
    else:
        one = mean_index(given, Scale(question.scale, question.scale_values))
    return {"role": question.role, "value": one.value, "low": one.low, "high": one.high, "n": one.n}


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody placed, by customer id; after `compute`."""
    loyal = lake.table("loyal").order_by("customer_id")
    for batch in loyal.select("customer_id", "cell", "occasions", "attitude").to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row

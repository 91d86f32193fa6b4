"""What the newest answered questionnaire says: index, single measures, model, drivers, where to begin. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zhike.analyze import results, satisfaction_parts
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.survey import queries as surveys
from zhike.survey.records import AnswerTable, QuestionFacts

LEVELS = {"content": 75.0, "fair": 50.0, "unhappy": 0.0}  # name → least index


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Every figure of the page; a row for each known customer who answered, the unhappiest first."""
    found = surveys.newest_answered()
    until = dt.datetime.combine(as_of + dt.timedelta(days=1), dt.time(), ZoneInfo(zone))
    asked = surveys.questions(found.id) if found else []
    told = surveys.answers(found.id, until=until) if found else AnswerTable()
    rows = _rows(lake, asked, told)
    results.write_numbered(lake, rows, path, "answered")
    counts: dict[str, Any] = {
        "currency": "",
        "orders": {},
        "customers": len(told.answered_at),
        "known": rows.num_rows,
        "levels": [
            {"level": level, "customers": rows["level"].to_pylist().count(level)} for level in LEVELS if rows.num_rows
        ],
    }
    if found is None or not told.answered_at:
        return counts
    days = [at.astimezone(ZoneInfo(zone)).date().isoformat() for at in (told.answered_at[0], told.answered_at[-1])]
    about = {
        "public_id": found.public_id,
        "title": found.title,
        "method": found.method,
        "model": found.model,
        "weighting": found.weighting,
        "pilot_state": found.pilot_state,
        "first_day": days[0],
        "last_day": days[1],
    }
    return {**counts, "questionnaire": about, **satisfaction_parts.figures(found, asked, told.columns)}


def feelings(asked: list[QuestionFacts], told: AnswerTable) -> list[tuple[float | None, float | None]]:
    """(satisfaction 0–100, attitude 0–100) of each response: its satisfaction questions, else all items; with loyalty and
    recommendation for the attitude."""
    from zhike_analytics.loyalty import attitude

    overall = [q for q in asked if q.role == "item" and q.latent == "satisfaction"]
    content = overall or [q for q in asked if q.role == "item"]
    beyond = [q for q in asked if (q.role == "item" and q.latent == "loyalty") or q.role == "recommend"]
    found = []
    for place in range(len(told.answered_at)):
        satisfied = attitude([_index(q, told.columns[q.code][place]) for q in content])
        found.append((satisfied, attitude([satisfied, *(_index(q, told.columns[q.code][place]) for q in beyond)])))
    return found


def newest_of_each(lake: Lake, told: AnswerTable) -> dict[int, int]:
    """{customer: place of the newest response}, by the surviving file."""
    roots = lake.roots()
    wanted = sorted({record for record in told.source_record_ids if record is not None})
    if not wanted:
        return {}
    pairs = roots.filter(roots.source_record_id.isin(wanted)).to_pyarrow().to_pylist()
    by_record = {row["source_record_id"]: row["customer_id"] for row in pairs}
    found: dict[int, int] = {}
    for place, record in enumerate(told.source_record_ids):
        if record in by_record:
            found[by_record[record]] = place
    return found


def _index(question: QuestionFacts, value: float | None) -> float | None:
    low, high = question.scale_values[0], question.scale_values[-1]
    return None if value is None else (value - low) / (high - low) * 100


def _rows(lake: Lake, asked: list[QuestionFacts], told: AnswerTable) -> Any:
    import pyarrow as pa

    felt = feelings(asked, told)
    recommend = next((told.columns[q.code] for q in asked if q.role == "recommend"), None)
    newest = newest_of_each(lake, told)
    known = sorted(
        (felt[place][0], customer, place) for customer, place in newest.items() if felt[place][0] is not None
    )
    columns: dict[str, list[Any]] = {
        "rank": list(range(1, len(known) + 1)),
        "customer_id": [customer for _, customer, _ in known],
        "satisfaction_index": [round(index or 0) for index, _, _ in known],
        "level": [level_of(index or 0) for index, _, _ in known],
        "recommend": [None if recommend is None else recommend[place] for _, _, place in known],
        "answered_on": [told.answered_at[place].date().isoformat() for _, _, place in known],
    }
    kinds = {"level": pa.string(), "recommend": pa.float64(), "answered_on": pa.string()}
    return pa.table({name: pa.array(values, kinds.get(name, pa.int64())) for name, values in columns.items()})


def level_of(index: float) -> str:
    """content, fair or unhappy."""
    return next(level for level, least in LEVELS.items() if index >= least)


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody who answered, by customer id; after `compute`."""
    answered = lake.table("answered").order_by("customer_id")
    names = ["satisfaction_index", "level", "answered_on"]
    for batch in answered.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row

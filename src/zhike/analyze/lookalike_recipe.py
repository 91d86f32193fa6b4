"""Look-alikes of a segment: learned, tried on members held out, the others ranked. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zhike.analyze import results
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import MeasureParameters
from zhike.analyze.portrait_grounds import grounds
from zhike.customers.queries import segments
from zhike.secure.records import SYSTEM

MOST_RANKED = 20_000


def compute(lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path) -> dict[str, Any]:
    """Rank who does most like the members of a segment; write a row for each; return every figure of the page."""
    from zhike_analytics.portrait import features, signals

    held = grounds(lake, parameters, as_of=as_of, zone=zone)
    told = features(signals(held.orders, held.lines, held.products), as_of=as_of).cache()
    seed = [person for part in segments.members(SYSTEM, parameters.segment) for person in part]
    counts: dict[str, Any] = {
        "currency": held.left_out["currency"],
        "orders": held.left_out,
        "refusing": held.refused,
        "customers": int(told.count().to_pyarrow().as_py()),
        "segment": parameters.segment,
        "members": len(seed),
        "refused": None,
        "ranked": 0,
    }
    told_of, rows = _ranked(told, seed)
    results.write_numbered(lake, rows, path, "lookalikes")
    return counts | told_of


def _ranked(told: Any, seed: list[int]) -> tuple[dict[str, Any], Any]:
    """How well members are told from others, and the others with their places; `refused` says why there are none."""
    import pyarrow as pa

    from zhike_analytics.portrait import LookAlikes
    from zhike_analytics.problem import MeasureProblem

    columns = ("customer_id", "place", "score_percent", "rank")
    try:
        model = LookAlikes().fit(told, seed)
    except MeasureProblem as problem:
        nobody = pa.table({name: pa.array([], pa.int64()) for name in columns})
        return {"refused": problem.code, "least": problem.params.get("least")}, nobody
    found = model.ranked(told, MOST_RANKED)
    percent = (100 * found["score"]).round().astype("int64")
    values = (found["customer_id"], found["place"], percent, found["place"])
    rows = pa.table(dict(zip(columns, values, strict=True)))
    tried = model.tried_
    return {
        "ranked": rows.num_rows,
        "tried": {"members": tried.seed, "others": tried.others, "area": tried.area, "error": tried.error, "lift": tried.lift,
                  "is_better": tried.is_better_than_chance},
        "weights": sorted(model.weights_.items(), key=lambda pair: (-abs(pair[1]), pair[0])),
    }, rows  # fmt: skip


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, place) of those ranked, by customer id; after `compute`."""
    people = lake.table("lookalikes").order_by("customer_id").select("customer_id", "place", "score_percent")
    for batch in people.to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row

"""Where the findings of a day lie: one Parquet file, a row a customer, best customers first, so that every figure opens.

It lies below the lake: never backed up, made again by measuring again. Thirty days are kept.
"""

from pathlib import Path
from typing import Any

from zhike.kit import home
from zhike_analytics.quality_bits import ASKED, CONTRADICTED, FILLED, INVALID, SHARED, STALE

KEEP_RESULTS = 30
# Dimension → (the bits looked at, what they are for those behind the faults of the dimension).
FAULTS = {
    "completeness": (ASKED | FILLED, ASKED),
    "validity": (INVALID, INVALID),
    "uniqueness": (SHARED, SHARED),
    "timeliness": (STALE, STALE),
    "consistency": (CONTRADICTED, CONTRADICTED),
}


def result_path(public_id: str) -> Path:
    """The findings of a day."""
    return home.path("lake/runs/quality") / f"{public_id}.parquet"


def forget_old(keep: list[str]) -> int:
    """Delete the findings of days that are not among `keep`; their totals stay. Returns how many went."""
    gone = 0
    for part in home.path("lake/runs/quality").glob("*.parquet"):
        if part.stem not in keep:
            part.unlink()
            gone += 1
    return gone


def behind(
    path: Path, *, field: str, dimension: str, groups: dict[str, int], beyond_rank: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """Rows (customer_id, rank) whose value of a field has a fault of a dimension, in the order of their rank.

    `groups` narrows to an `owner` or a `source` by id, 0 being nobody's. Read part by part until the page is full.
    """
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    looked_at, wanted = FAULTS[dimension]
    rows: list[dict[str, Any]] = []
    with pq.ParquetFile(path) as stored:
        if field not in stored.schema_arrow.names:
            return []
        place = stored.schema_arrow.names.index("rank")
        for number in range(stored.num_row_groups):
            told = stored.metadata.row_group(number).column(place).statistics
            if told is not None and told.has_min_max and told.max <= beyond_rank:
                continue
            part = stored.read_row_group(number, columns=["customer_id", "rank", field, *groups])
            asked = pc.equal(pc.bit_wise_and(part[field], looked_at), wanted)
            asked = pc.and_(asked, pc.greater(part["rank"], beyond_rank))
            for name, value in groups.items():
                asked = pc.and_(asked, pc.equal(part[name], value))
            rows += part.filter(asked).select(["customer_id", "rank"]).slice(0, limit - len(rows)).to_pylist()
            if len(rows) >= limit:
                break
    return rows


def stalest(path: Path, limit: int) -> list[dict[str, Any]]:
    """Customers with a value out of date, best first: customer_id, owner, stale (`,phone,email,`), oldest_days."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rows: list[dict[str, Any]] = []
    with pq.ParquetFile(path) as stored:
        for number in range(stored.num_row_groups):
            part = stored.read_row_group(number, columns=["customer_id", "owner", "stale", "oldest_days"])
            rows += part.filter(pc.not_equal(part["stale"], "")).slice(0, limit - len(rows)).to_pylist()
            if len(rows) >= limit:
                break
    return rows

"""Between two counts of a segment: who came, who left. Reads the ids of both from the lake; no engine, no rows."""

from typing import TYPE_CHECKING

from zhike.analyze import results
from zhike.analyze.segments.refreshing import folder_of

if TYPE_CHECKING:
    import numpy as np


def difference(public_id: str, before: str, after: str) -> tuple["np.ndarray", "np.ndarray"] | None:
    """(came, left): ids ascending, between two counts named by their public ids; None when one lies there no longer."""
    import numpy as np

    old, new = _ids(public_id, before), _ids(public_id, after)
    if old is None or new is None:
        return None
    return np.setdiff1d(new, old, assume_unique=True), np.setdiff1d(old, new, assume_unique=True)


def page(ids: "np.ndarray", *, beyond: int = 0, limit: int = 50) -> list[int]:
    """Some of them, ascending, after a customer's id."""
    import numpy as np

    start = int(np.searchsorted(ids, beyond, side="right"))
    return [int(i) for i in ids[start : start + limit]]


def has_ids(public_id: str, run: str) -> bool:
    """Whether the ids a count found still lie there."""
    return results.result_path(folder_of(public_id), run).exists()


def _ids(public_id: str, run: str) -> "np.ndarray | None":
    import pyarrow.parquet as pq

    path = results.result_path(folder_of(public_id), run)
    return pq.read_table(path).column("customer_id").to_numpy() if path.exists() else None

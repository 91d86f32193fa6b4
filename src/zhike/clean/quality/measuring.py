"""The pass over all files: check each once, keep the findings, add them up by field, source and owner.

For the analysis child: it imports Ibis. Files are checked in plain Python, batch by batch; what is left of a customer is a
row of small numbers.
"""

import datetime as dt
import gc
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.clean.quality.checking import Checker, Findings
from zhike.clean.quality.rules import Rule
from zhike.customers.queries import WholeFile, whole_files
from zhike_analytics.quality_bits import CONTRADICTED, DIMENSIONS, EXTRA, INVALID, SHARED, STALE

if TYPE_CHECKING:
    import pyarrow as pa

MOST_GROUPS = 30  # sources and owners with most customers; the others are in the whole alone
Totals = dict[str, Any]


class Gathered:
    """Columns that grow batch by batch while files are checked.

    Few sets of findings stand for most customers: each is kept once, and of a customer only which one.
    """

    def __init__(self, names: Sequence[str], unique: Sequence[str]) -> None:
        self.names, self.unique = tuple(names), tuple(unique)
        self.ids, self.owner, self.source, self.cents = (array("q") for _ in range(4))
        self.score, self.oldest, self.pattern = array("h"), array("i"), array("i")
        self.numbers: list[str] = []
        self.patterns: dict[tuple[tuple[str, int], ...], int] = {}
        self.keys = {name: array("q") for name in unique}

    def add(self, files: Sequence[WholeFile], found: Sequence[Findings]) -> None:
        """Checked files and what was found on each."""
        self.ids.extend([file.customer_id for file in files])
        self.owner.extend([file.owner_staff_id or 0 for file in files])
        self.source.extend([file.source_id or 0 for file in files])
        self.cents.extend([file.net_cents for file in files])
        self.numbers += [file.number for file in files]
        self.score.extend([one.score for one in found])
        self.oldest.extend([one.oldest_days for one in found])
        patterns = self.patterns
        self.pattern.extend([patterns.setdefault(tuple(one.bits.items()), len(patterns)) for one in found])
        for name, held in self.keys.items():
            # The hash stands for the value within this process alone, and is never kept.
            held.extend([hash(one.keys[name]) | 1 if name in one.keys else 0 for one in found])

    def bits(self) -> dict[str, Any]:
        """The findings by field, one number a customer."""
        import numpy as np

        at = np.frombuffer(self.pattern, dtype=np.int32) if self.pattern else np.zeros(0, dtype=np.int32)
        told = {name: np.zeros(max(len(self.patterns), 1), dtype=np.int16) for name in self.names}
        for pattern, place in self.patterns.items():
            for name, bits in pattern:
                if name in told:
                    told[name][place] = bits
        return {name: column[at] for name, column in told.items()}


def measure(
    rules: Sequence[Rule], day: dt.date, path: Path, *, tell: Callable[[int], None] = lambda done: None
) -> tuple[int, float | None, Totals, Totals]:
    """Check every file and write the findings; returns (customers, mean score, totals, detail by group and field)."""
    checker = Checker(rules, day)
    unique = dict.fromkeys(r.field for r in rules if r.check == "unique")
    gathered = Gathered(checker.names, list(unique))
    # Nothing of a checked file refers to itself: looking for such circles would take a quarter of the time.
    gc.disable()
    try:
        for batch in whole_files():
            gathered.add(batch, [checker.check(file) for file in batch])
            tell(len(gathered.ids))
    finally:
        gc.enable()
    table = _table(gathered)
    _write(table, path)
    count = table.num_rows
    mean = sum(gathered.score) / count if count else None
    return (count, mean, *_added_up(table, checker.names)) if count else (0, None, {}, {})


def _table(gathered: Gathered) -> "pa.Table":
    """The findings with ranks (greatest net amount first), shared values marked, and faults as texts for rules."""
    import numpy as np
    import pyarrow as pa

    ids = np.frombuffer(gathered.ids, dtype=np.int64) if gathered.ids else np.zeros(0, dtype=np.int64)
    bits = gathered.bits()
    for name, held in gathered.keys.items():
        _mark_shared(bits[name], np.array(held, dtype=np.int64))
    order = np.lexsort((ids, -np.array(gathered.cents, dtype=np.int64)))
    columns: dict[str, Any] = {
        "customer_id": ids[order],
        "rank": np.arange(1, len(ids) + 1, dtype=np.int64),
        "owner": np.array(gathered.owner, dtype=np.int64)[order],
        "source": np.array(gathered.source, dtype=np.int64)[order],
        "score": np.array(gathered.score, dtype=np.int64)[order],
        "oldest_days": np.array(gathered.oldest, dtype=np.int64)[order],
        "number": pa.array(gathered.numbers, pa.string()).take(pa.array(order)),
    }
    bits = {name: column[order] for name, column in bits.items()}
    columns |= _labels(bits)
    return pa.table(columns | bits)


def _mark_shared(bits: Any, keys: Any) -> None:
    """Who shares an identifying value: all of them SHARED, all but the first EXTRA."""
    import numpy as np

    held = np.flatnonzero(keys)
    if not len(held):
        return
    _, first, inverse, counts = np.unique(keys[held], return_index=True, return_inverse=True, return_counts=True)
    bits[held[counts[inverse] > 1]] |= SHARED
    is_extra = np.ones(len(held), dtype=bool)
    is_extra[first] = False
    bits[held[is_extra]] |= EXTRA


def _labels(bits: dict[str, Any]) -> dict[str, Any]:
    """The fields with a fault, as one text a kind of fault: `,phone,email,`, what rules of segments ask."""
    import numpy as np
    import pyarrow as pa

    from zhike.clean.quality.result_files import FAULTS

    tests = {
        "missing": FAULTS["completeness"],
        "invalid": (INVALID, INVALID),
        "stale": (STALE, STALE),
        "contradicted": (CONTRADICTED, CONTRADICTED),
    }
    made = {}
    for label, (looked_at, wanted) in tests.items():
        size = len(next(iter(bits.values()))) if bits else 0
        # Few patterns of faults stand for a million customers: each is spelled out once.
        pattern = np.zeros(size, dtype=np.uint64)
        names = list(bits)
        for place, name in enumerate(names):
            pattern |= ((bits[name] & looked_at) == wanted).astype(np.uint64) << np.uint64(place)
        found, inverse = np.unique(pattern, return_inverse=True)
        texts = [_spelled(int(p), names) for p in found]
        made[label] = pa.DictionaryArray.from_arrays(
            pa.array(inverse.astype(np.int32)), pa.array(texts, pa.string())
        ).dictionary_decode()
    return made


def _spelled(pattern: int, names: Sequence[str]) -> str:
    named = [name for place, name in enumerate(names) if pattern >> place & 1]
    return f",{','.join(named)}," if named else ""


def _write(table: "pa.Table", path: Path) -> None:
    import pyarrow.parquet as pq

    draft = path.with_suffix(".new")
    pq.write_table(table, draft, compression="zstd", row_group_size=100_000)
    draft.replace(path)


def _added_up(table: "pa.Table", names: Sequence[str]) -> tuple[Totals, Totals]:
    """{"fields": {field: {dimension: [good, of]}}, "source": …, "owner": …}, and the same by group and field."""
    totals: Totals = {"fields": _by_field(table, names, "")[""]}
    detail: Totals = {}
    for by in ("source", "owner"):
        largest = _largest(table, by)
        found = {group: told for group, told in _by_field(table, names, by).items() if group in largest}
        detail[by] = found
        totals[by] = {
            group: {"customers": largest[group][0], "score": largest[group][1], **_summed(told)}
            for group, told in found.items()
        }
    return totals, detail


def _by_field(table: "pa.Table", names: Sequence[str], by: str) -> dict[str, Totals]:
    from zhike_analytics import quality

    found: dict[str, Totals] = {}
    if not names:
        return {"": {}} if not by else {}
    for row in quality.tallied(table, columns=names, by=by).to_pyarrow().to_pylist():
        if row["of"]:
            fields = found.setdefault(str(row["group"]) if by else "", {})
            fields.setdefault(row["column"], {})[row["dimension"]] = [row["good"], row["of"]]
    return found or ({"": {}} if not by else {})


def _largest(table: "pa.Table", by: str) -> dict[str, tuple[int, float]]:
    counted = table.group_by(by).aggregate([("customer_id", "count"), ("score", "mean")]).to_pylist()
    largest = sorted(counted, key=lambda row: (-row["customer_id_count"], row[by]))[:MOST_GROUPS]
    return {str(row[by]): (row["customer_id_count"], row["score_mean"]) for row in largest}


def _summed(told: Totals) -> Totals:
    sums: Totals = {}
    for dimension in DIMENSIONS:
        pairs = [dims[dimension] for dims in told.values() if dimension in dims]
        if pairs:
            sums[dimension] = [sum(good for good, _ in pairs), sum(of for _, of in pairs)]
    return sums

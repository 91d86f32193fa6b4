"""Where results lie: one Parquet file a run, below the lake (never backed up; running again makes it again)."""

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from zhike.kit import home

KEEP_RESULTS = 60  # about two months of nights


def result_path(kind: str, public_id: str) -> Path:
    """The result of a run, per customer."""
    return home.path(f"lake/runs/{kind}") / f"{public_id}.parquet"


def forget_old(kind: str, keep: list[str]) -> int:
    """Delete the results of runs that are not among `keep` (public ids); their rows and figures stay."""
    gone = 0
    for part in home.path(f"lake/runs/{kind}").glob("*.parquet"):
        if part.stem not in keep:
            part.unlink()
            gone += 1
    return gone


_CSV_COLUMNS = (
    "number",
    "class_code",
    "cell",
    "r",
    "f",
    "m",
    "recency_days",
    "frequency",
    "monetary_cents",
    "segment10",
)


def csv_lines(path: Path) -> Iterator[str]:
    """A result as CSV text, in pieces: codes, numbers and whole cents, so that nothing in it can be taken for a formula."""
    import pyarrow.parquet as pq

    heads = [_("File number"), _("Class code"), _("Cell"), "R", "F", "M"]
    heads += [_("Days since"), _("Purchases"), _("Net, in cents"), _("Segment")]
    yield "\ufeff" + ",".join(heads) + "\r\n"
    with pq.ParquetFile(path) as stored:
        for batch in stored.iter_batches(batch_size=10_000, columns=list(_CSV_COLUMNS)):
            columns = [batch.column(name).to_pylist() for name in _CSV_COLUMNS]
            yield "".join(
                ",".join("" if value is None else str(value) for value in row) + "\r\n"
                for row in zip(*columns, strict=True)
            )

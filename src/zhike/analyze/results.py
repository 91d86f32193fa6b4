"""Where results lie: one Parquet file a run, below the lake (never backed up; running again makes it again)."""

from pathlib import Path

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

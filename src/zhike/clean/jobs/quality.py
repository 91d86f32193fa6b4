"""Background entries of quality: the check of all files, every night and when somebody asks."""

from typing import Any

from zhike.clean.actions import quality
from zhike.kit.jobs import JobRun, job
from zhike.secure import queries as secure


@job("clean.measure_quality", lane="analysis", attempts=3)
def measure_quality(run: JobRun) -> dict[str, Any]:
    """Check every file against the rules in force."""
    secure.refresh_fields()

    def tell(done: int) -> None:
        run.check()
        run.progress(done, None, note="checking_files")

    return quality.measure_today(tell=tell)

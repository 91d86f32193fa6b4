"""Truth checks: a share of what staff collected is drawn, every night and when asked for."""

from zhike.clean.actions import truth
from zhike.kit import clock
from zhike.kit.jobs import JobRun, job


@job("clean.draw_truth_checks", lane="analysis", attempts=3)
def draw_truth_checks(run: JobRun, *, now: bool = False) -> dict[str, int]:
    """Draw from each collector's records; telephones are opened in the memory of this child process alone."""

    def tell(done: int, of: int) -> None:
        run.check()
        run.progress(done, of, "looking_at_collectors")

    return truth.draw(clock.now(), now=now, tell=tell)

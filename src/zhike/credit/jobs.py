"""What credit does by the clock."""

from zhike.credit.actions.reviewing import offer_reviews
from zhike.kit.jobs import JobRun, job


@job("credit.review")
def review(run: JobRun) -> dict[str, int]:
    """Make credit that must be looked at again tasks of those in charge."""
    return {"open": offer_reviews()}

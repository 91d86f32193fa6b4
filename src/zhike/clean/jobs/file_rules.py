"""Background entry of the rules of the file: key customers and reviews, every night."""

from zhike.clean.actions import file_rules
from zhike.kit.jobs import JobRun, job


@job("clean.review_files", attempts=3)
def review_files(run: JobRun) -> dict[str, int]:
    """Mark key customers, then make the files due for a review tasks."""
    return {"marked": file_rules.mark_key_customers(), "reviews": file_rules.offer_reviews()}

"""Background entries of the api module."""

from zhike.api.models import Receipt
from zhike.api.receipts import KEPT_SECONDS
from zhike.kit import clock
from zhike.kit.jobs import JobRun, job


@job("api.sweep")
def sweep(run: JobRun) -> dict[str, int]:
    """Forget receipts after their day."""
    return {"receipts": Receipt.objects.filter(at__lt=clock.after(-KEPT_SECONDS)).delete()[0]}

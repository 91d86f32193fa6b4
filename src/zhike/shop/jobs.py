"""What the shop does by the clock."""

from zhike.kit.jobs import JobRun, job
from zhike.shop.actions.contracts import remind_of_ends


@job("shop.remind_contracts")
def remind_contracts(run: JobRun) -> dict[str, int]:
    """Make the ends of contracts that come near tasks of those in charge."""
    return {"open": remind_of_ends()}

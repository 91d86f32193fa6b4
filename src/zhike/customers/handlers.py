"""What files do when something is announced below them."""

from zhike.kit import jobs
from zhike.kit.events import durable
from zhike.secure.events import AskedAnew


@durable(AskedAnew)
def let_consents_lapse(event: AskedAnew) -> None:
    """Consents to the notice that was replaced no longer count as given in lists and counts."""
    jobs.enqueue("customers.lapse_consents", unique_key="customers.lapse_consents")

"""Whether the demo shop is here, and whether it is alone."""

from zhike.customers import queries as customers
from zhike.desk.demo.filling import sources


def is_here() -> bool:
    """Whether any demo source is registered; pages then say that what they show is invented."""
    return bool(sources())


def others_count() -> int:
    """Customers that no demo source brought first. Counts the base: for the command line and the set-up page."""
    return sum(line.customer_count for line in customers.source_lines() if not line.facts.is_demo)

"""Whether the demo shop is here, and whether it is alone."""

import time

from django.utils.translation import gettext

from zhike.customers import queries as customers

_ASK_EVERY_S = 20.0
_asked: tuple[float, bool] = (-1e9, False)


def is_here() -> bool:
    """Whether any demo source is registered; pages then say that what they show is invented."""
    return any(source.is_demo for source in customers.sources(archived=True))


def notice() -> str:
    """What stands above every page while demo data is here; asked of the database now and then, not for each page."""
    global _asked
    moment = time.monotonic()
    if moment - _asked[0] > _ASK_EVERY_S:
        _asked = (moment, is_here())
    return gettext("Demo data: the customers of the demo shop are invented.") if _asked[1] else ""


def others_count() -> int:
    """Customers that no demo source brought first. Counts the base: for the command line and the set-up page."""
    return sum(line.customer_count for line in customers.source_lines() if not line.facts.is_demo)

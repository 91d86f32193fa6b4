"""Who may be profiled: asked of the answers as they stand, whenever a guess is about to be shown or used."""

from collections.abc import Iterable

from zhike.customers import queries as customers

PURPOSE = "profiling"
# Refused, or agreed to once and lapsed; the packed text is that of `lake_tables`.
REFUSED = ("|profiling=withdrawn|", "|profiling=lapsed|")
_BARRED = ("withdrawn", "lapsed")


def is_refused(customer_id: int) -> bool:
    """Whether a customer, or any file merged into it, refuses to be profiled now."""
    return customers.consent_for(customer_id, PURPOSE).state in _BARRED


def still_profiled(customer_ids: Iterable[int]) -> set[int]:
    """Those of some root customers who do not refuse now: of one page, in a handful of questions."""
    return customers.without_answers(customer_ids, PURPOSE, _BARRED)

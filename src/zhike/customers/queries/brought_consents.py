"""What answers out of a file would do, asked without keeping them."""

from collections.abc import Sequence

from zhike.customers.brought_consents import BroughtConsent, decide
from zhike.customers.queries.consents import SUBJECT
from zhike.customers.queries.merges import groups_of
from zhike.secure import consents


def foretell_consents(said: Sequence[tuple[int | None, BroughtConsent]]) -> list[str]:
    """The outcome of each answer (given, withdrawn, unchanged, kept); None: a customer nobody knows yet."""
    groups = groups_of({customer for customer, _ in said if customer is not None})
    members = {member for group in groups.values() for member in group}
    newest = consents.newest_answers(SUBJECT, members, {one.purpose for _, one in said})
    return [decide(one, customer or 0, groups.get(customer or 0, (0,)), newest)[0] for customer, one in said]

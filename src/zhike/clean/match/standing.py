"""What stands against joining two files by machine: that people settled it otherwise, or have spoken with both."""

from collections.abc import Iterable

from zhike.clean.match.keeping import Pair, known_apart, ordered
from zhike.customers import queries as customers


def refuse_settled(absorbed_id: int, survivor_id: int) -> str:
    """`settled` where people said of two in these files that they are not one, or only share a household."""
    return "settled" if ordered(absorbed_id, survivor_id) in known_apart([absorbed_id, survivor_id]) else ""


def refuse_two_verified(absorbed_id: int, survivor_id: int) -> str:
    """`two_verified` where both files hold a name or an identifier confirmed by contact: somebody has spoken with both."""
    return "two_verified" if both_verified([(absorbed_id, survivor_id)]) else ""


def both_verified(pairs: Iterable[Pair]) -> set[Pair]:
    """Of these pairs of roots, those both of whose files hold a name or an identifier confirmed by contact."""
    wanted = list(pairs)
    known = customers.confirmed_people({one for pair in wanted for one in pair})
    return {pair for pair in wanted if known.issuperset(pair)}

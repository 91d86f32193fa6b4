"""What stands against joining two files by machine: that people settled it otherwise."""

from zhike.clean.match.keeping import known_apart, ordered


def refuse_settled(absorbed_id: int, survivor_id: int) -> str:
    """`settled` where people said of two in these files that they are not one, or only share a household."""
    return "settled" if ordered(absorbed_id, survivor_id) in known_apart([absorbed_id, survivor_id]) else ""

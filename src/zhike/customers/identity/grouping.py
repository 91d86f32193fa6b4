"""Roots from merges: a pure function of the edges not undone."""

from collections.abc import Iterable, Mapping


def root_of(customer_id: int, absorbed_by: Mapping[int, int]) -> int:
    """The end of the chain of merges that begins at a customer; `absorbed_by` holds the merges not undone.

    Each edge was laid between two roots, so chains are trees and end.
    """
    while customer_id in absorbed_by:
        customer_id = absorbed_by[customer_id]
    return customer_id


def roots(customer_ids: Iterable[int], absorbed_by: Mapping[int, int]) -> dict[int, int]:
    """{customer: root} of some customers."""
    return {customer: root_of(customer, absorbed_by) for customer in customer_ids}


def below(customer_id: int, absorbed_by: Mapping[int, int]) -> set[int]:
    """A customer and all it absorbed, directly and through others: what comes off when its own merge is undone."""
    found = {customer_id}
    while more := {a for a, s in absorbed_by.items() if s in found} - found:
        found |= more
    return found


def in_order(root_id: int, absorbed_by: Mapping[int, int]) -> list[int]:
    """A root and all below it: each customer before those it absorbed, these in the order `absorbed_by` names them."""
    found = [root_id]
    for absorbed, survivor in absorbed_by.items():
        if survivor == root_id:
            found += in_order(absorbed, absorbed_by)
    return found

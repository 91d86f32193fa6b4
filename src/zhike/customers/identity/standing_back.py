"""Putting back what an act changed on a customer that was absorbed since: on what it is of its own, not on the merged file."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from zhike.customers.identity.holding import hold_roots
from zhike.customers.identity.regrouping import Files, edges_of, lay_standings, settled
from zhike.customers.models import Customer


def restand(column: str, befores: Sequence[tuple[int, Any]], *, left: Any) -> int:
    """Each absorbed (customer, value before) stands again where its own value is `left`; how many did. In a transaction, alone."""
    if not befores:
        return 0
    root_of = hold_roots([c for c, _ in befores])
    files = Files({c.id: c for c in Customer.objects.filter(root_id__in=set(root_of.values()))})
    edges = edges_of(files.members)
    files.own = settled(files, edges)
    count = 0
    for customer_id, before in befores:
        own = files.own.get(customer_id)
        if own is not None and getattr(own, column) == left:
            files.own[customer_id] = replace(own, **{column: before})
            count += 1
    lay_standings(files, {c: m.root_id for c, m in files.members.items()}, edges)
    return count

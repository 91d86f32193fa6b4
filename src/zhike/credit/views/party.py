"""Whose file a page is about."""

from typing import Any

from django.http import Http404

from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader
from zhike.secure.records import Viewer


def head_of(viewer: Viewer, public_id: str) -> CustomerHeader:
    """The head of a file. One out of scope answers exactly as one that does not exist."""
    root_id = customers.root_of(viewer, public_id)
    head = customers.header(viewer, root_id) if root_id is not None else None
    if head is None:
        raise Http404
    return head


def parties(viewer: Viewer, record_ids: Any) -> dict[int, Any]:
    """{house record: the customer's row} for what a list shows."""
    roots = customers.customers_of_records(viewer, list(record_ids))
    lines = customers.lines(viewer, set(roots.values()))
    return {record: lines[root] for record, root in roots.items() if root in lines}

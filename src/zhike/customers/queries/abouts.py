"""Customers as what tasks are about: named and opened as each viewer may."""

from collections.abc import Collection

from django.db.models import Q
from django.urls import reverse

from zhike.customers.models import Customer
from zhike.customers.queries.register import lines
from zhike.secure.records import Viewer
from zhike.work.records import About


def abouts(viewer: Viewer, customer_ids: Collection[int]) -> dict[int, About]:
    """{customer: how it is named}, of merged ones the survivor; without those outside the viewer's sight."""
    if not viewer.can("customers.view"):
        return {}
    roots = dict(Customer.objects.filter(id__in=list(customer_ids)).values_list("id", "root_id"))
    rows = lines(viewer, set(roots.values()))
    return {
        customer: About(
            label=rows[root].name or rows[root].number,
            url=reverse("desk:file", args=[rows[root].public_id]),
            sub=rows[root].number if rows[root].name else "",
            public_id=rows[root].public_id,
        )
        for customer, root in roots.items()
        if root in rows
    }


def found_by(viewer: Viewer, text: str) -> int | None:
    """The file a number or a public id means, of a merged one the survivor; None outside the viewer's sight."""
    if not viewer.can("customers.view"):
        return None
    found = (
        Customer.objects.filter(Q(public_id=text) | Q(number=text.upper())).values_list("root_id", flat=True).first()
    )
    return found if found is not None and lines(viewer, [found]) else None


def group_ids(customer_id: int) -> list[int]:
    """The ids of a customer's whole merged group; a task may be about any of them."""
    root = Customer.objects.filter(pk=customer_id).values("root_id")
    return list(Customer.objects.filter(root_id__in=root).values_list("id", flat=True))

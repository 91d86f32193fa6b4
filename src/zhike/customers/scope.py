"""Which customers a viewer may touch: all, their team's, or their own."""

from django.db.models import Q

from zhike.customers.models import Customer, CustomerCard
from zhike.secure.records import Viewer


class CustomerUnknown(LookupError):
    """No such customer, or none this viewer may know of: the two look alike on purpose."""


def scoped(viewer: Viewer) -> Q:
    """The condition on cards that keeps a viewer within their scope."""
    staff_ids = viewer.scope_staff_ids()
    return Q() if staff_ids is None else Q(owner_staff_id__in=staff_ids)


def root_within(viewer: Viewer, customer_id: int) -> int:
    """The root of a customer, if the viewer may know of it. Raises CustomerUnknown."""
    root_id = Customer.objects.filter(pk=customer_id).values_list("root_id", flat=True).first()
    if root_id is None or not CustomerCard.objects.filter(scoped(viewer), pk=root_id).exists():
        raise CustomerUnknown(customer_id)
    return int(root_id)


def roots_within(viewer: Viewer, customer_ids: list[int]) -> list[int]:
    """Of the given roots, those the viewer may touch; the others are left out without a word."""
    return list(CustomerCard.objects.filter(scoped(viewer), pk__in=customer_ids).values_list("customer_id", flat=True))

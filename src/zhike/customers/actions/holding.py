"""Holding a file still while it is looked at and changed: for changes that name the state they change."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from zhike.customers.identity.holding import hold_roots
from zhike.customers.models import CustomerCard
from zhike.customers.scope import root_within
from zhike.secure.records import Viewer


@contextmanager
def hold(customer_id: int, *, by: Viewer) -> Iterator[None]:
    """A transaction in which nobody else changes the file; what is raised inside undoes what was done. Raises CustomerUnknown."""
    with transaction.atomic():
        root_id = hold_roots([root_within(by, customer_id)]).popitem()[1]
        CustomerCard.objects.select_for_update().get(pk=root_id)
        yield

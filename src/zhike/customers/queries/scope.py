"""Whose files a viewer may see: own, team or all. Every question of this module passes here first."""

from django.db.models import Q, QuerySet

from zhike.customers.models import CustomerCard
from zhike.secure.records import Viewer


def within(viewer: Viewer) -> Q:
    """The condition on cards that the viewer's scope sets; a file outside it does not exist for the viewer."""
    owners = viewer.scope_staff_ids()
    return Q() if owners is None else Q(owner_staff_id__in=sorted(owners))


def cards_of(viewer: Viewer) -> QuerySet[CustomerCard]:
    """The cards a viewer may see, archived ones too."""
    return CustomerCard.objects.filter(within(viewer))

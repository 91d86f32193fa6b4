"""Customers, sources and segments as the audit names them: numbers and names of things, never of people."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import Customer, Segment, Source
from zhike.customers.segments.rights import visible
from zhike.secure.audit_actions import Named, by_number, register_object
from zhike.secure.queries import sight
from zhike.secure.records import Viewer


def register() -> None:
    """Called once at start-up."""
    register_object("customer", _("Customer"), named=by_number(_customers), find=_customer_id)
    register_object("record", _("Source record"))
    register_object("run", _("Statements"))
    register_object("source", _("Source"), named=by_number(_sources))
    register_object("segment", _("Customer segment"), named=by_number(_segments))


def _customers(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    """File numbers of files within the reader's sight; a merged file is opened as the one it went into."""
    from zhike.customers.queries.register import lines  # at start-up the doors are not all there yet

    if sight(viewer, "number") != "shown":
        return {}
    may_open = viewer.can("customers.view")
    found = {one.pk: one for one in Customer.objects.filter(id__in=ids)}
    rows = lines(viewer, {one.root_id for one in found.values()})
    return {
        pk: Named(one.number, reverse("desk:file", args=[rows[one.root_id].public_id]) if may_open else "")
        for pk, one in found.items()
        if one.root_id in rows
    }


def _customer_id(typed: str) -> str | None:
    found = Customer.objects.filter(number=typed.upper()).values_list("id", flat=True).first()
    return str(found) if found is not None else None


def _sources(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    may_open = viewer.can("sources.manage")
    return {
        one.pk: Named(one.name, reverse("collect:source", args=[one.public_id]) if may_open else "")
        for one in Source.objects.filter(id__in=ids)
    }


def _segments(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    """Of segments those the viewer may see anyway: a private one's name is its maker's."""
    if not viewer.can("segments.view"):
        return {}
    return {
        one.pk: Named(one.name, reverse("analyze:segment", args=[one.public_id]))
        for one in Segment.objects.filter(visible(viewer), id__in=ids, archived_at=None)
    }

"""Orders and contracts as the audit names them."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.secure.audit_actions import Named, by_number, register_object
from zhike.secure.queries import sight
from zhike.secure.records import Viewer
from zhike.shop.models import Contract, Order


def register() -> None:
    """Called once at start-up."""
    register_object("order", _("Order"), named=by_number(_orders), find=_order_id)
    register_object("contract", _("Contract"), named=by_number(_contracts))


def _orders(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    found = Order.objects.filter(id__in=ids) if _sees(viewer, "order_number") else ()
    return {one.pk: Named(one.external_id, _page(viewer, "shop:order", one.public_id)) for one in found}


def _order_id(typed: str) -> str | None:
    found = Order.objects.filter(external_id=typed).values_list("id", flat=True).first()
    return str(found) if found is not None else None


def _contracts(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    found = Contract.objects.filter(id__in=ids) if _sees(viewer, "contracts") else ()
    return {one.pk: Named(one.number or one.title, _page(viewer, "shop:contract", one.public_id)) for one in found}


def _sees(viewer: Viewer, field: str) -> bool:
    """Numbers are told to readers who are not kept to their own customers."""
    return viewer.scope == "all" and sight(viewer, field) == "shown"


def _page(viewer: Viewer, name: str, public_id: str) -> str:
    return reverse(name, args=[public_id]) if viewer.can("orders.view") else ""

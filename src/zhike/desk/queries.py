"""Questions the desk answers for its own pages."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.desk import asking, columns
from zhike.desk.models import BulkAct, Export, RegisterLayout, SavedView
from zhike.secure.records import Viewer

EVERYBODY = "everybody"  # stands for no view in an address, where the register would open with a person's first view


def views_of(viewer: Viewer, query: str, opened: SavedView | None) -> list[dict[str, Any]]:
    """The tabs of the register: everybody, one's own customers, one's views in their order, then those others share."""
    address = reverse("desk:register")
    mine = f"owner={viewer.staff_id}"
    tabs: list[dict[str, Any]] = [
        {"label": _("Everybody"), "url": f"{address}?view={EVERYBODY}", "current": not query and opened is None},
        {"label": _("Mine"), "url": f"{address}?{mine}", "current": query == mine and opened is None},
    ]
    kept = sorted(columns.views_for(viewer)[:60], key=lambda v: (v.staff_id != viewer.staff_id, v.place, v.pk))
    for view in kept:
        tabs.append(
            {
                "label": view.name,
                "url": view_address(viewer, view),
                "current": opened is not None and view.pk == opened.pk,
                "icon": "users-group" if view.shared_with else "",
            }
        )
    return tabs


def view_of(viewer: Viewer, public_id: str) -> SavedView | None:
    """A view the person can open."""
    return columns.view_of(viewer, public_id)


def first_view(viewer: Viewer) -> SavedView | None:
    """The view a person's register opens with; None for everybody."""
    kept = RegisterLayout.objects.filter(staff_id=viewer.staff_id or 0).values_list("first_view", flat=True).first()
    return view_of(viewer, kept or "")


def view_address(viewer: Viewer, view: SavedView) -> str:
    """The address that opens a view for a person: its filters and order, as far as the person may sift by them."""
    query, _left = asking.allowed(view.query, viewer)
    return f"{reverse('desk:register')}?view={view.public_id}" + (f"&{query}" if query else "")


def left_out(viewer: Viewer, view: SavedView) -> list[str]:
    """What a view holds that the person may not see: its filters, its order and its columns, by name."""
    return list(dict.fromkeys([*asking.allowed(view.query, viewer)[1], *columns.left_out(viewer, view)]))


def removed_view(viewer: Viewer, public_id: str) -> SavedView | None:
    """One's own view that was removed and can come back."""
    gone = SavedView.objects.filter(staff_id=viewer.staff_id or 0, public_id=public_id).exclude(removed_at=None)
    return gone.first() if public_id else None


def bulk_act(viewer: Viewer, public_id: str) -> BulkAct | None:
    """An act the viewer started."""
    return BulkAct.objects.filter(public_id=public_id, staff_id=viewer.staff_id or 0).first()


def exports_of(viewer: Viewer, *, limit: int = 50) -> list[Export]:
    """The viewer's exports, newest first."""
    return list(Export.objects.filter(staff_id=viewer.staff_id or 0).order_by("-created_at", "-pk")[:limit])

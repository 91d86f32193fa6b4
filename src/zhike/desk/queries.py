"""Questions the desk answers for its own pages."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from zhike.desk.models import BulkAct, Export, SavedView
from zhike.secure.records import Viewer


def views_of(viewer: Viewer, query: str) -> list[dict[str, Any]]:
    """The tabs of the register: everybody, one's own views, shared ones; the one whose address this is stands marked."""
    address = reverse("desk:register")
    tabs: list[dict[str, Any]] = [{"label": _("Everybody"), "url": address, "current": not query}]
    tabs.append(
        {
            "label": _("Mine"),
            "url": f"{address}?owner={viewer.staff_id}",
            "current": query == f"owner={viewer.staff_id}",
        }
    )
    kept = SavedView.objects.filter(Q(staff_id=viewer.staff_id or 0) | Q(is_shared=True)).order_by("created_at", "pk")[
        :40
    ]
    for view in kept:
        tabs.append(
            {
                "label": view.name,
                "url": f"{address}?{view.query}",
                "current": view.query == query,
                "icon": "users-group" if view.is_shared else "",
                "public_id": view.public_id if view.staff_id == viewer.staff_id else "",
            }
        )
    return tabs


def bulk_act(viewer: Viewer, public_id: str) -> BulkAct | None:
    """An act the viewer started."""
    return BulkAct.objects.filter(public_id=public_id, staff_id=viewer.staff_id or 0).first()


def exports_of(viewer: Viewer, *, limit: int = 50) -> list[Export]:
    """The viewer's exports, newest first."""
    return list(Export.objects.filter(staff_id=viewer.staff_id or 0).order_by("-created_at", "-pk")[:limit])

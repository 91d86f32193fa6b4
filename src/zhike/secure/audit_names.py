"""Names of this module's own things in the audit: staff, roles, teams."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from zhike.secure.audit_actions import Named, by_number, register_object
from zhike.secure.models import Role, Staff, Team
from zhike.secure.records import Viewer


def register() -> None:
    """Called once at start-up."""
    register_object("staff", _("Member of staff"), named=by_number(_staff))
    register_object("role", _("Role"), named=by_number(_roles))
    register_object("notice", _("Notice"))
    register_object("team", _("Team"), named=by_number(_named_by(Team, "name")))


def _staff(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    may_open = viewer.can("staff.manage")
    found = Staff.objects.filter(pk__in=ids).values_list("pk", "display_name")
    return {pk: Named(name, reverse("secure:staff_one", args=[pk]) if may_open else "") for pk, name in found}


def _roles(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    may_open = viewer.can("policy.edit")
    return {
        role.pk: Named(
            role.label(get_language() or "en"), reverse("secure:policy_role", args=[role.code]) if may_open else ""
        )
        for role in Role.objects.filter(pk__in=ids)
    }


def _named_by(model: Any, column: str) -> Callable[[Viewer, list[int]], Mapping[int, Named]]:
    def naming(viewer: Viewer, ids: list[int]) -> dict[int, Named]:
        return {pk: Named(name) for pk, name in model.objects.filter(pk__in=ids).values_list("pk", column)}

    return naming

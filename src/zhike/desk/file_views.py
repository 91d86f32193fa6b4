"""One file, three views: for sales, for service, for the company.

A view decides what stands first and what further down, on the page and on cards. It is no right: what a person may see is the
policy's to say, whichever view they read the file in.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.desk.models import FileView, FileViewOfStaff, FileViewOfTeam
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

VIEWS: dict[str, Promise] = {
    "sales": pgettext_lazy("view of the file", "Sales"),
    "service": pgettext_lazy("view of the file", "Service"),
    "company": pgettext_lazy("view of the file", "Company"),
}
PANES: dict[str, Promise] = {
    "value": _("Value"),
    "orders": _("Orders"),
    "contracts": _("Contracts"),
    "credit": _("Figures and credit"),
    "card": _("Card and paper"),
    "consents": pgettext_lazy("agreement", "Consent"),
    "funnel": _("Funnel"),
    "segments": _("Segments"),
    "links": _("Linked people and companies"),
    "attachments": _("Attachments"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a view is laid out: the groups shown first, and every pane in its order."""

    code: str
    groups: tuple[str, ...]
    panes: tuple[str, ...]


_SHIPPED = {
    "sales": Layout(
        "sales",
        ("contact", "self", "basics", "standing", "motives", "bought", "ways", "trade", "rivals", "practice"),
        ("value", "funnel", "orders", "contracts", "credit", "card", "links", "segments", "consents", "attachments"),
    ),
    "service": Layout(
        "service",
        ("contact", "address", "accounts", "self", "basics", "ways", "personality", "leaving", "other"),
        ("orders", "card", "attachments", "consents", "links", "value", "contracts", "credit", "funnel", "segments"),
    ),
    "company": Layout(
        "company",
        (
            "basics",
            "self",
            "contact",
            "standing",
            "state",
            "trading",
            "trade",
            "practice",
            "rivals",
            "setting",
            "career",
        ),
        ("value", "contracts", "credit", "links", "card", "attachments", "consents", "orders", "funnel", "segments"),
    ),
}
_OF_ROLES = {"account_manager": "sales", "operator": "sales", "agent": "service", "supervisor": "service"}
_USUAL = "company"


def layout_of(code: str) -> Layout:
    """A view as it is laid out now: panes somebody's layout does not name stand last, groups below the others."""
    shipped = _SHIPPED[code]
    held = FileView.objects.filter(code=code).first()
    if held is None:
        return shipped
    groups = tuple(g for g in dict.fromkeys(held.groups) if g in fields.GROUPS)
    panes = tuple(p for p in dict.fromkeys((*held.panes, *shipped.panes)) if p in PANES)
    return Layout(code, groups, panes)


def is_shipped(code: str) -> bool:
    """Whether nobody has laid the view out anew."""
    return not FileView.objects.filter(code=code).exists()


def view_for(viewer: Viewer) -> Layout:
    """The view a person reads files in: the one they chose, or their team's, or that of their role."""
    if viewer.staff_id is None:
        return layout_of(_USUAL)
    chosen = FileViewOfStaff.objects.filter(staff_id=viewer.staff_id).values_list("view", flat=True).first()
    return layout_of(chosen if chosen in VIEWS else of_team_or_role(viewer))


def of_team_or_role(viewer: Viewer) -> str:
    """The view of who has not chosen any."""
    team_id = secure.team_of(viewer)
    if team_id is not None:
        of_team = FileViewOfTeam.objects.filter(team_id=team_id).values_list("view", flat=True).first()
        if of_team in VIEWS:
            return str(of_team)
    return next((_OF_ROLES[code] for code in viewer.role_codes if code in _OF_ROLES), _USUAL)


def views_of_teams() -> dict[int, str]:
    """The views given to teams, by team."""
    return dict(FileViewOfTeam.objects.values_list("team_id", "view"))

"""Choosing the view one reads files in, and laying views out for everybody."""

from collections.abc import Mapping, Sequence

from django.db import transaction

from zhike.desk import file_views
from zhike.desk.models import FileView, FileViewOfStaff, FileViewOfTeam
from zhike.kit import clock
from zhike.secure import actions as secure
from zhike.secure import fields
from zhike.secure import queries as policy
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


class FileViewRefused(ValueError):
    """The view cannot be so; `code` is `unknown`, `groups` (none, or one nobody knows) or `panes`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def choose_file_view(code: str, *, by: Viewer) -> None:
    """Read files in a view from now on; an empty code goes back to that of team or role. Raises FileViewRefused, Forbidden."""
    check(by, "customers.view")
    if code and code not in file_views.VIEWS:
        raise FileViewRefused("unknown")
    if by.staff_id is None:
        return
    with transaction.atomic():
        if code:
            FileViewOfStaff.objects.update_or_create(staff_id=by.staff_id, defaults={"view": code})
        else:
            FileViewOfStaff.objects.filter(staff_id=by.staff_id).delete()


def lay_out_file_view(code: str, groups: Sequence[str], panes: Sequence[str], *, by: Viewer) -> None:
    """Lay a view out for everybody: groups shown first, and the order of panes. Raises FileViewRefused, Forbidden."""
    check(by, "settings.edit")
    if code not in file_views.VIEWS:
        raise FileViewRefused("unknown")
    if not groups or len(set(groups)) != len(groups) or not set(groups) <= fields.GROUPS.keys():
        raise FileViewRefused("groups")
    if sorted(panes) != sorted(file_views.PANES):
        raise FileViewRefused("panes")
    with transaction.atomic():
        kept = {"groups": list(groups), "panes": list(panes), "updated_at": clock.now(), "by_staff_id": by.staff_id}
        FileView.objects.update_or_create(code=code, defaults=kept)
        secure.record_audit("file_view.changed", by=by, detail={"view": code})


def ship_file_view(code: str, *, by: Viewer) -> None:
    """Lay a view out as it was shipped."""
    check(by, "settings.edit")
    with transaction.atomic():
        if FileView.objects.filter(code=code).delete()[0]:
            secure.record_audit("file_view.changed", by=by, detail={"view": code, "shipped": True})


def give_teams_file_views(views: Mapping[int, str], *, by: Viewer) -> None:
    """Say in which view the people of each team read files; an empty view leaves it to their roles. Raises FileViewRefused, Forbidden."""
    check(by, "settings.edit")
    known = policy.teams()
    if not set(views) <= known.keys() or not {v for v in views.values() if v} <= file_views.VIEWS.keys():
        raise FileViewRefused("unknown")
    with transaction.atomic():
        FileViewOfTeam.objects.filter(team_id__in=views).delete()
        FileViewOfTeam.objects.bulk_create(FileViewOfTeam(team_id=t, view=v) for t, v in views.items() if v)
        secure.record_audit("file_view.changed", by=by, detail={"teams": len(views)})

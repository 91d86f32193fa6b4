"""Saved views, whom they are shared with, and chosen columns."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet

from zhike.desk import columns
from zhike.desk.models import RegisterLayout, SavedView
from zhike.kit import chance, clock
from zhike.secure.permissions import Forbidden, check
from zhike.secure.records import Viewer

MOST_VIEWS = 30
LONGEST_NAME = 40
READERS = ("", "team", "all")


class ViewRefused(ValueError):
    """A view cannot be kept: `name_missing`, `name_long`, `name_taken`, `too_many`, `too_long` or `unknown`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def save_view(
    name: str, query: str, *, by: Viewer, shared_with: str = "", column_codes: Sequence[str] = ()
) -> SavedView:
    """Keep a register's address under a name; the same name again replaces it. `query` comes from `asking.canonical`.

    A view for the team needs nothing more; one for all needs `views.share`. With columns it shows these to its readers, as
    far as they may see them.
    """
    check(by, "customers.view")
    _may_share(by, shared_with)
    calm = _name(name)
    if len(query) > 1000:
        raise ViewRefused("too_long")
    kept = {"query": query, "shared_with": shared_with, "columns": _known(column_codes, by)}
    with transaction.atomic():
        mine = _mine(by)
        same = mine.filter(name=calm).first()
        if same is not None:
            mine.filter(pk=same.pk).update(**kept)
            same.refresh_from_db()
            return same
        if mine.count() >= MOST_VIEWS:
            raise ViewRefused("too_many")
        return SavedView.objects.create(
            staff_id=by.staff_id or 0,
            name=calm,
            public_id=chance.public_id(),
            place=1 + max(mine.values_list("place", flat=True), default=0),
            created_at=clock.now(),
            **kept,
        )


def change_view(public_id: str, *, by: Viewer, name: str, shared_with: str) -> SavedView:
    """Rename one's own view and say who else sees it. Raises ViewRefused."""
    _may_share(by, shared_with)
    calm = _name(name)
    with transaction.atomic():
        view = _own(public_id, by)
        if _mine(by).filter(name=calm).exclude(pk=view.pk).exists():
            raise ViewRefused("name_taken")
        view.name, view.shared_with = calm, shared_with
        view.save(update_fields=["name", "shared_with"])
    return view


def duplicate_view(public_id: str, name: str, *, by: Viewer) -> SavedView:
    """Make any view the person can see their own, unshared, under another name."""
    view = columns.view_of(by, public_id)
    if view is None:
        raise ViewRefused("unknown")
    calm = _name(name)
    if _mine(by).filter(name=calm).exists():
        raise ViewRefused("name_taken")
    return save_view(calm, view.query, by=by, column_codes=view.columns)


def move_view(public_id: str, step: int, *, by: Viewer) -> None:
    """Move one's own view among one's tabs: -1 to the left, 1 to the right."""
    with transaction.atomic():
        view = _own(public_id, by)
        order = list(_mine(by).order_by("place", "created_at", "pk"))
        at = order.index(view)
        to = min(max(at + step, 0), len(order) - 1)
        order.insert(to, order.pop(at))
        for place, each in enumerate(order, start=1):
            SavedView.objects.filter(pk=each.pk).update(place=place)


def remove_view(public_id: str, *, by: Viewer) -> bool:
    """Remove one's own view, until `restore_view`; False when there is none."""
    return bool(_mine(by).filter(public_id=public_id).update(removed_at=clock.now()))


def restore_view(public_id: str, *, by: Viewer) -> bool:
    """Take the removal of one's own view back; False when there is nothing to take back or its name is taken again."""
    with transaction.atomic():
        gone = SavedView.objects.filter(staff_id=by.staff_id or 0, public_id=public_id).exclude(removed_at=None).first()
        if gone is None or _mine(by).filter(name=gone.name).exists():
            return False
        return bool(SavedView.objects.filter(pk=gone.pk).update(removed_at=None))


def begin_with(public_id: str, *, by: Viewer) -> None:
    """Let the register open with a view the person can see, or with everybody for an empty id. Raises ViewRefused."""
    if public_id and columns.view_of(by, public_id) is None:
        raise ViewRefused("unknown")
    RegisterLayout.objects.update_or_create(
        staff_id=by.staff_id or 0,
        defaults={"first_view": public_id},
        create_defaults={"first_view": public_id, "columns": columns.usual(by)},
    )


def choose_columns(codes: Sequence[str], *, by: Viewer) -> None:
    """Keep the columns a person wants, in order; unknown and hidden ones are left out."""
    RegisterLayout.objects.update_or_create(staff_id=by.staff_id or 0, defaults={"columns": _known(codes, by)})


def _known(codes: Sequence[str], by: Viewer) -> list[str]:
    may = {c.code for c in columns.offered(by)}
    return [code for code in dict.fromkeys(codes) if code in may]


def _name(name: str) -> str:
    calm = " ".join(name.split())
    if not calm:
        raise ViewRefused("name_missing")
    if len(calm) > LONGEST_NAME:
        raise ViewRefused("name_long")
    return calm


def _may_share(by: Viewer, shared_with: str) -> None:
    if shared_with not in READERS:
        raise Forbidden("views.share")
    if shared_with == "all":
        check(by, "views.share")


def _mine(by: Viewer) -> QuerySet[SavedView]:
    return SavedView.objects.filter(staff_id=by.staff_id or 0, removed_at=None)


def _own(public_id: str, by: Viewer) -> SavedView:
    view = _mine(by).select_for_update().filter(public_id=public_id).first()
    if view is None:
        raise ViewRefused("unknown")
    return view

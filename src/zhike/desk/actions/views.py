"""Saved views and chosen columns."""

from collections.abc import Sequence

from django.db import transaction

from zhike.desk import columns
from zhike.desk.models import RegisterLayout, SavedView
from zhike.kit import chance, clock
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

MOST_VIEWS = 30


class ViewRefused(ValueError):
    """A view cannot be kept: `name_missing`, `name_long`, `too_many` or `too_long`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def save_view(name: str, query: str, *, is_shared: bool, by: Viewer) -> SavedView:
    """Keep a register's address under a name; the same name again replaces it. `query` comes from `asking.canonical`."""
    check(by, "customers.view")
    calm = " ".join(name.split())
    if not calm:
        raise ViewRefused("name_missing")
    if len(calm) > 40:
        raise ViewRefused("name_long")
    if len(query) > 1000:
        raise ViewRefused("too_long")
    with transaction.atomic():
        if SavedView.objects.filter(staff_id=by.staff_id or 0).count() >= MOST_VIEWS:
            raise ViewRefused("too_many")
        view, _ = SavedView.objects.update_or_create(
            staff_id=by.staff_id or 0,
            name=calm,
            defaults={"query": query, "is_shared": is_shared},
            create_defaults={
                "query": query,
                "is_shared": is_shared,
                "public_id": chance.public_id(),
                "created_at": clock.now(),
            },
        )
    return view


def remove_view(public_id: str, *, by: Viewer) -> bool:
    """Remove one's own view; False when there is none."""
    return bool(SavedView.objects.filter(public_id=public_id, staff_id=by.staff_id or 0).delete()[0])


def choose_columns(codes: Sequence[str], *, by: Viewer) -> None:
    """Keep the columns a person wants, in order; unknown and hidden ones are left out."""
    may = {c.code for c in columns.offered(by)}
    kept = [code for code in dict.fromkeys(codes) if code in may]
    RegisterLayout.objects.update_or_create(staff_id=by.staff_id or 0, defaults={"columns": kept})

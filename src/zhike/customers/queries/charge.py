"""Questions about who is in charge of which files, and which are due for a review."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from zhike.customers.models import ChargeChange, Customer, CustomerCard, FileCharge, FileReview
from zhike.customers.scope import cards_of
from zhike.kit import bulk, rows
from zhike.secure import queries as policy
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class Change:
    """Owner, deputy or second reader changed: who before and after, by whom, when."""

    part: str
    before: int | None
    after: int | None
    by: int | None
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """Who is in charge of a file: deputy, second reader, key customer (`hand` or `rule`), the last reviews and changes."""

    deputy_staff_id: int | None
    reader_staff_id: int | None
    key_by: str
    reviewed_at: dt.datetime | None
    reviews: tuple[tuple[str, int | None, dt.datetime], ...]
    changes: tuple[Change, ...]


def charge_of(customer_id: int, *, limit: int = 20) -> ChargeFacts:
    """Who is in charge of a file, its whole merged group taken together. The caller has asked for the scope."""
    group = list(Customer.objects.filter(root_id=customer_id).values_list("id", flat=True)) or [customer_id]
    held = {r.customer_id: r for r in FileCharge.objects.filter(customer_id__in=group)}
    own = held.get(customer_id)
    reviewed = [r.reviewed_at for r in held.values() if r.reviewed_at]
    reviews = FileReview.objects.filter(customer_id__in=group).order_by("-id")[:limit]
    changes = ChargeChange.objects.filter(customer_id__in=group).order_by("-id")[:limit]
    return ChargeFacts(
        deputy_staff_id=own.deputy_staff_id if own else None,
        reader_staff_id=own.reader_staff_id if own else None,
        key_by=next((r.key_by for r in held.values() if r.key_by), ""),
        reviewed_at=max(reviewed, default=None),
        reviews=tuple((r.outcome, r.by_staff_id, r.at) for r in reviews),
        changes=tuple(Change(c.part, c.before_staff_id, c.after_staff_id, c.by_staff_id, c.at) for c in changes),
    )


def key_roots(customer_ids: Iterable[int]) -> set[int]:
    """Which of these roots are key customers; a merged group is when one of its customers is."""
    sql = (
        "SELECT c.root_id FROM customers_filecharge f JOIN customers_customer c ON c.id = f.customer_id "
        "WHERE f.key_by <> '' AND c.root_id IN {values}"
    )
    return {root for (root,) in bulk.fetch_in(sql, sorted(set(customer_ids)))}


def seconds_of(customer_ids: Iterable[int]) -> dict[int, tuple[int | None, int | None]]:
    """{root: (deputy, second reader)} of those of these roots that have one; who left the house is nobody."""
    sql = (
        "SELECT customer_id, deputy_staff_id, reader_staff_id FROM customers_filecharge "
        "WHERE (deputy_staff_id IS NOT NULL OR reader_staff_id IS NOT NULL) AND customer_id IN {values}"
    )
    found = list(bulk.fetch_in(sql, sorted(set(customer_ids))))
    here = policy.staff_names() if found else {}
    return {c: (d if d in here else None, r if r in here else None) for c, d, r in found}


def key_by_rule() -> list[int]:
    """The customers some rule made key customers."""
    return list(FileCharge.objects.filter(key_by="rule").values_list("customer_id", flat=True))


def due_for_review(*, key: bool, before: dt.datetime, limit: int) -> list[tuple[int, int | None, dt.datetime]]:
    """(root, owner, last reviewed or file made) of files not reviewed since a moment, the longest wait first.

    `key`: key customers, or all the others. Files younger than the period are not due.
    """
    since = "COALESCE(f.reviewed_at, k.created_at)"
    wanted = "f.key_by <> ''" if key else "COALESCE(f.key_by, '') = ''"
    joint = "JOIN" if key else "LEFT JOIN"
    sql = (
        f"SELECT k.customer_id, k.owner_staff_id, {since} AS since FROM customers_customercard k {joint} "
        f"customers_filecharge f ON f.customer_id = k.customer_id WHERE k.archived_at IS NULL AND {wanted} "
        f"AND {since} < %s ORDER BY since, k.customer_id LIMIT %s"
    )
    moment = str(before.replace(tzinfo=None)) if connection.vendor == "sqlite" else before
    with connection.cursor() as cursor:
        cursor.execute(sql, [moment, limit])
        return [(c, owner, rows.moment(at)) for c, owner, at in cursor.fetchall()]


def owned_counts(viewer: Viewer) -> dict[int | None, int]:
    """How many files in the viewer's scope each member of staff owns; None: nobody."""
    found = cards_of(viewer).filter(archived_at=None).values("owner_staff_id").annotate(n=Count("customer_id"))
    return {row["owner_staff_id"]: row["n"] for row in found.order_by()}


def deputy_counts() -> dict[int, int]:
    """How many files each member of staff is deputy of."""
    return _counts("deputy_staff_id")


def reader_counts() -> dict[int, int]:
    """How many files each member of staff is second reader of."""
    return _counts("reader_staff_id")


def _counts(column: str) -> dict[int, int]:
    found = FileCharge.objects.exclude(**{column: None}).values_list(column).annotate(n=Count("customer_id"))
    return {int(staff or 0): n for staff, n in found.order_by()}


def key_counts() -> dict[int | None, int]:
    """How many key customers each member of staff owns."""
    keys = FileCharge.objects.exclude(key_by="").values("customer_id")
    found = CustomerCard.objects.filter(customer_id__in=keys, archived_at=None).values("owner_staff_id")
    return {row["owner_staff_id"]: row["n"] for row in found.annotate(n=Count("customer_id")).order_by()}

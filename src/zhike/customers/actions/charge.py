"""Who is in charge: a deputy, a second reader, key customers, reviews; and the history of owners."""

from collections.abc import Iterable

from django.db import transaction

from zhike.customers.identity.holding import hold_roots
from zhike.customers.models import ChargeChange, CustomerCard, FileCharge, FileReview
from zhike.customers.scope import CustomerUnknown, root_within, roots_within
from zhike.kit import bulk, clock, ids
from zhike.secure import actions as secure
from zhike.secure import queries as policy
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

REVIEW_OUTCOMES = ("in_order", "updated", "to_archive")
_COLUMNS = {"deputy": "deputy_staff_id", "reader": "reader_staff_id"}


class ChargeRefused(ValueError):
    """It cannot stand so; `code` is `owner_is_deputy`, `reader_is_deputy`, `owner_is_reader`, `deputy_is_reader`,
    `nobody_there`, `no_owner` or `outcome`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def set_deputy(customer_id: int, staff_id: int | None, *, by: Viewer) -> None:
    """Name the deputy of a file's owner, or none. Raises Forbidden, CustomerUnknown, ChargeRefused."""
    _name("deputy", customer_id, staff_id, by)


def set_reader(customer_id: int, staff_id: int | None, *, by: Viewer) -> None:
    """Name the second reader 复核人 of a file, neither owner nor deputy, or none. Raises as `set_deputy` does."""
    _name("reader", customer_id, staff_id, by)


def _name(part: str, customer_id: int, staff_id: int | None, by: Viewer) -> None:
    check(by, "customers.edit")
    with transaction.atomic():
        root = hold_roots([customer_id]).get(customer_id)
        if root is None:
            raise CustomerUnknown(customer_id)
        root = root_within(by, root)
        row, column = _row(root), _COLUMNS[part]
        before: int | None = getattr(row, column)
        if before == staff_id:
            return
        if staff_id is not None:
            _must_differ(part, staff_id, row)
        note_change(part, [(root, before, staff_id)], by)
        setattr(row, column, staff_id)
        row.changed_at = clock.now()
        row.save()
        secure.record_audit(f"customer.{part}_set", by=by, about=("customer", root), detail={"subject": staff_id})


def _must_differ(part: str, staff_id: int, row: FileCharge) -> None:
    """Owner, deputy and second reader are three persons: what one of them overlooks another sees."""
    owner = CustomerCard.objects.values_list("owner_staff_id", flat=True).get(customer_id=row.customer_id)
    if staff_id not in policy.staff_names():
        raise ChargeRefused("nobody_there")
    if owner is None:
        raise ChargeRefused("no_owner")
    if staff_id == owner:
        raise ChargeRefused(f"owner_is_{part}")
    if staff_id == (row.reader_staff_id if part == "deputy" else row.deputy_staff_id):
        raise ChargeRefused("reader_is_deputy" if part == "deputy" else "deputy_is_reader")


def set_key(customer_ids: Iterable[int], is_key: bool, *, by: Viewer, why: str = "hand") -> int:
    """Make customers key customers 重点客户, or ordinary ones again; how many changed. Raises Forbidden."""
    check(by, "customers.edit")
    count, wanted = 0, sorted(set(customer_ids))
    for start in range(0, len(wanted), 500):
        with transaction.atomic():
            roots = roots_within(by, sorted(set(hold_roots(wanted[start : start + 500]).values())))
            count += _mark(roots, why if is_key else "")
            if roots:
                about = ("customer", roots[0]) if len(roots) == 1 else None
                secure.record_audit("customer.key_set", by=by, about=about, detail={"count": len(roots), "key": is_key})
    return count


def note_review(customer_id: int, outcome: str, *, by: Viewer) -> None:
    """A file was reviewed; call inside the transaction that closes its task, or alone. Raises Forbidden, ChargeRefused."""
    check(by, "customers.edit")
    if outcome not in REVIEW_OUTCOMES:
        raise ChargeRefused("outcome")
    root, at = root_within(by, customer_id), clock.now()
    with transaction.atomic():
        FileReview.objects.create(
            id=ids.take("review")[0], customer_id=root, outcome=outcome, by_staff_id=by.staff_id, at=at
        )
        row = _row(root)
        row.reviewed_at, row.review_outcome, row.changed_at = at, outcome, at
        row.save()
        secure.record_audit("customer.reviewed", by=by, about=("customer", root), detail={"outcome": outcome})


def note_change(part: str, moved: list[tuple[int, int | None, int | None]], by: Viewer) -> None:
    """Keep who was in charge before and after, in the caller's transaction: (customer, before, after)."""
    if moved:
        at = clock.now()
        rows = [
            (i, customer, part, before, after, by.staff_id, at)
            for i, (customer, before, after) in zip(ids.take("charge_change", len(moved)), moved, strict=True)
        ]
        columns = ("id", "customer_id", "part", "before_staff_id", "after_staff_id", "by_staff_id", "at")
        bulk.insert_many("customers_chargechange", columns, rows)


def forget_charge(customer_id: int) -> None:
    """Erase what was kept of who was in charge of a customer; repeatable, for the subject registry."""
    for model in (FileCharge, ChargeChange, FileReview):
        model.objects.filter(customer_id=customer_id).delete()


def _row(root: int) -> FileCharge:
    found = FileCharge.objects.select_for_update().filter(customer_id=root).first()
    return found or FileCharge(customer_id=root, changed_at=clock.now())


def _mark(roots: list[int], key_by: str) -> int:
    at = clock.now()
    present = dict(FileCharge.objects.filter(customer_id__in=roots).values_list("customer_id", "key_by"))
    # A rule neither takes away nor claims what a person decided by hand.
    changed = [r for r in roots if r in present and present[r] != key_by and not (key_by == "rule" and present[r])]
    FileCharge.objects.filter(customer_id__in=changed).update(key_by=key_by, changed_at=at)
    fresh = [r for r in roots if r not in present] if key_by else []
    columns = ("customer_id", "key_by", "review_outcome", "changed_at")
    bulk.insert_many("customers_filecharge", columns, [(r, key_by, "", at) for r in fresh], on_conflict="ignore")
    return len(changed) + len(fresh)

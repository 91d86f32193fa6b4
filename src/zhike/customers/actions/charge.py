"""Who is in charge: a deputy, key customers, reviews; and the history of owners."""

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


class ChargeRefused(ValueError):
    """It cannot stand so; `code` is `owner_is_deputy`, `nobody_there`, `no_owner` or `outcome`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def set_deputy(customer_id: int, staff_id: int | None, *, by: Viewer) -> None:
    """Name the deputy of a file's owner, or none. Raises Forbidden, CustomerUnknown, ChargeRefused."""
    check(by, "customers.edit")
    with transaction.atomic():
        root = hold_roots([customer_id]).get(customer_id)
        if root is None:
            raise CustomerUnknown(customer_id)
        root = root_within(by, root)
        owner = CustomerCard.objects.values_list("owner_staff_id", flat=True).get(customer_id=root)
        if staff_id is not None and staff_id not in policy.staff_names():
            raise ChargeRefused("nobody_there")
        if staff_id is not None and owner is None:
            raise ChargeRefused("no_owner")
        if staff_id is not None and staff_id == owner:
            raise ChargeRefused("owner_is_deputy")
        row = _row(root)
        if row.deputy_staff_id == staff_id:
            return
        note_change("deputy", [(root, row.deputy_staff_id, staff_id)], by)
        row.deputy_staff_id, row.changed_at = staff_id, clock.now()
        row.save()
        secure.record_audit("customer.deputy_set", by=by, about=("customer", root), detail={"subject": staff_id})


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

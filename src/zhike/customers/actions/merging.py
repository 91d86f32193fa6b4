"""Merging two files into one, and taking them apart again exactly.

A merge is one row; facts, versions, notes, tags stay where they are. Taking it apart undoes the row, in any order: what was
recorded before lies as before, what came since lies where its identifier or house record says.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhike.customers.events import CustomersMerged, CustomersUnmerged
from zhike.customers.identity import counting
from zhike.customers.identity.grouping import below
from zhike.customers.identity.holding import one_at_a_time
from zhike.customers.identity.records import Merged, Unmerged
from zhike.customers.identity.regrouping import regroup
from zhike.customers.models import Customer, CustomerCard, Merge, SourceRecord
from zhike.customers.scope import CustomerUnknown, root_within
from zhike.kit import clock, ids
from zhike.kit.events import publish
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer

LONGEST_WHY = 40


class MergeRefused(ValueError):
    """Two files cannot be merged or taken apart; `code` says why.

    `same`: they are one file already (somebody was faster, or it is one and the same). `kinds`: a person and an
    organization, and nobody stated that this is meant. `archived`, `erased`: nothing is left to merge. `undone`: taken apart
    already. `unknown`: no such merge. Whatever a veto on machines says, `two_verified` say.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def merge_customers(
    *,
    absorbed_id: int,
    survivor_id: int,
    why: str,
    by: Viewer,
    evidence: Mapping[str, Any] | None = None,
    by_machine: bool = False,
    across_kinds: bool = False,
) -> Merged:
    """Let one customer be absorbed by another; either may be given by any customer of its merged group.

    `why` is a code (`by_hand`, `reviewed`, `above_threshold`), `evidence` codes and weights without values of a person.
    `by_machine`: nobody looked at this pair; then the vetoes of `on_machine_merge` are heard. Raises MergeRefused, Forbidden,
    CustomerUnknown.
    """
    check(by, "customers.merge")
    with transaction.atomic():
        one_at_a_time()
        absorbed, survivor = root_within(by, absorbed_id), root_within(by, survivor_id)
        _refuse(absorbed, survivor, across_kinds)
        is_by_machine = by_machine or by is SYSTEM
        if is_by_machine and (code := counting.refusal(absorbed, survivor)):
            raise MergeRefused(code)
        merge = Merge(
            id=ids.take("merge")[0],
            absorbed_id=absorbed,
            survivor_id=survivor,
            why=why[:LONGEST_WHY],
            evidence=dict(evidence or {}),
            by_staff_id=by.staff_id,
            is_by_machine=is_by_machine,
            at=clock.now(),
        )
        regroup([absorbed, survivor], lambda: merge.save(force_insert=True))
        _note("customer.merged", (absorbed, survivor), merge, by)
        publish(CustomersMerged(merge_ids=(merge.id,), absorbed_ids=(absorbed,), root_ids=(survivor,)))
    return Merged(merge.id, absorbed, survivor)


def unmerge(merge_id: int, *, by: Viewer) -> Unmerged:
    """Take a merge apart, the newest or one in the middle: this one edge goes, the others stand.

    Raises MergeRefused `unknown`, `undone`, `erased`; Forbidden; CustomerUnknown.
    """
    check(by, "customers.merge")
    with transaction.atomic():
        one_at_a_time()
        merge = Merge.objects.select_for_update().filter(pk=merge_id).first()
        if merge is None:
            raise MergeRefused("unknown")
        root_id = root_within(by, merge.survivor_id)
        if merge.undone_at is not None:
            raise MergeRefused("undone")
        if _is_erased(root_id):
            raise MergeRefused("erased")
        merge.undone_at, merge.undone_by_staff_id = clock.now(), by.staff_id
        roots = regroup([root_id], lambda: merge.save(update_fields=["undone_at", "undone_by_staff_id"]))
        restored = Customer.objects.values_list("root_id", flat=True).get(pk=merge.absorbed_id)
        _note("customer.unmerged", tuple(roots), merge, by)
        publish(CustomersUnmerged(merge_ids=(merge.id,), root_ids=tuple(roots)))
    return Unmerged(merge.id, restored, root_id)


def _refuse(absorbed: int, survivor: int, across_kinds: bool) -> None:
    if absorbed == survivor:
        raise MergeRefused("same")
    found = CustomerCard.objects.filter(pk__in=(absorbed, survivor)).values_list("kind", "archived_at")
    if _is_erased(absorbed) or _is_erased(survivor):
        raise MergeRefused("erased")
    if any(archived_at for _, archived_at in found):
        raise MergeRefused("archived")
    if len({kind for kind, _ in found}) > 1 and not across_kinds:
        raise MergeRefused("kinds")


def _is_erased(root_id: int) -> bool:
    members = Customer.objects.filter(root_id=root_id).values("id")
    return SourceRecord.objects.filter(customer_id__in=members, erased_at__isnull=False).exists()


def _note(action: str, root_ids: tuple[int, ...], merge: Merge, by: Viewer) -> None:
    detail = {"merge": merge.id, "absorbed": merge.absorbed_id, "survivor": merge.survivor_id, "why": merge.why}
    for root_id in root_ids:
        secure.record_audit(action, by=by, about=("customer", root_id), detail=detail)


def side_of(merge: Merge) -> set[int]:
    """The customers that come off when an active merge is undone: the absorbed one and all below it."""
    root_id = Customer.objects.values_list("root_id", flat=True).get(pk=merge.survivor_id)
    members = Customer.objects.filter(root_id=root_id).values("id")
    edges = Merge.objects.filter(absorbed_id__in=members, undone_at=None).values_list("absorbed_id", "survivor_id")
    return below(merge.absorbed_id, dict(edges))


__all__ = ["CustomerUnknown", "MergeRefused", "merge_customers", "side_of", "unmerge"]

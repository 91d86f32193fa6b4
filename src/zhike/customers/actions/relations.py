"""Linking customers: parent company, dealer, contact persons with their buying roles, principals."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from zhike.customers.actions.adding import add_customer
from zhike.customers.models import Customer, Relation
from zhike.customers.scope import root_within
from zhike.kit import clock, ids
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

KINDS = ("parent", "dealer", "contact", "principal")
BUYING_ROLES = ("user", "influencer", "decider", "approver", "buyer", "gatekeeper")
OFFICES = ("principal", "owner", "legal_representative")
_DEEPEST = 50
_MOST = 200


class LinkRefused(ValueError):
    """Two customers cannot be linked so; `code` says why: itself, kinds, cycle, has_parent, there, roles, identifier, many."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How one customer stands to another: `from` is below, buys through, or works for `to`."""

    kind: str
    roles: Sequence[str] = ()
    influence: int = 0
    position: str = ""
    note: str = ""
    since: dt.date | None = None


def link_customers(from_id: int, to_id: int, link: Link, *, by: Viewer) -> int:
    """Link two customers the viewer may see; returns the relation's id. Raises LinkRefused, CustomerUnknown, Forbidden."""
    check(by, "customers.edit")
    lower, upper = root_within(by, from_id), root_within(by, to_id)
    with transaction.atomic():
        _refuse_bad(lower, upper, link)
        relation = Relation.objects.create(
            id=ids.take("relation")[0],
            from_customer_id=lower,
            to_customer_id=upper,
            kind=link.kind,
            roles=list(link.roles),
            influence=link.influence,
            position=link.position.strip()[:60],
            note=link.note.strip()[:200],
            since=link.since,
            by_staff_id=by.staff_id,
            created_at=clock.now(),
        )
        for customer_id in (lower, upper):
            secure.record_audit(
                "customer.linked",
                by=by,
                about=("customer", customer_id),
                detail={"relation": relation.id, "kind": link.kind},
            )
    return relation.id


def link_new_customer(
    own_id: int, kind: str, values: Mapping[str, str], link: Link, *, is_above: bool, by: Viewer
) -> int:
    """Make a file and link it to one that is there, in one transaction; `is_above`: the new one stands above it.

    Raises what `add_customer` and `link_customers` raise; then neither is there.
    """
    with transaction.atomic():
        other = add_customer(kind, values, by=by)
        return link_customers(own_id if is_above else other, other if is_above else own_id, link, by=by)


def end_relation(relation_id: int, *, by: Viewer) -> None:
    """End a link; that it was stays known. Raises LinkRefused `gone`, CustomerUnknown, Forbidden."""
    check(by, "customers.edit")
    with transaction.atomic():
        relation = Relation.objects.select_for_update().filter(id=relation_id, ended_at=None).first()
        if relation is None:
            raise LinkRefused("gone")
        root_within(by, relation.from_customer_id)
        root_within(by, relation.to_customer_id)
        relation.ended_at = clock.now()
        relation.save(update_fields=["ended_at"])
        for customer_id in (relation.from_customer_id, relation.to_customer_id):
            secure.record_audit(
                "customer.unlinked", by=by, about=("customer", customer_id), detail={"relation": relation_id}
            )


def _refuse_bad(lower: int, upper: int, link: Link) -> None:
    if lower == upper:
        raise LinkRefused("itself")
    # One writer at a time on these two, so that two links together close no circle.
    found = Customer.objects.select_for_update().filter(id__in=(lower, upper)).values_list("id", "kind")
    kinds = dict(found)
    if link.kind not in KINDS or kinds[upper] != "organisation":
        raise LinkRefused("kinds")
    if link.kind != "dealer" and kinds[lower] != ("organisation" if link.kind == "parent" else "person"):
        raise LinkRefused("kinds")
    allowed = {"contact": BUYING_ROLES, "principal": OFFICES}.get(link.kind, ())
    if set(link.roles) - set(allowed) or not 0 <= link.influence <= 5:
        raise LinkRefused("roles")
    if cutting.cut(link.note + link.position)[1]:
        raise LinkRefused("identifier")
    standing = Relation.objects.filter(ended_at=None, kind=link.kind)
    if standing.filter(from_customer_id=lower, to_customer_id=upper).exists():
        raise LinkRefused("there")
    if standing.filter(to_customer_id=upper).count() >= _MOST:
        raise LinkRefused("many")
    if link.kind == "parent":
        if standing.filter(from_customer_id=lower).exists():
            raise LinkRefused("has_parent")
        if lower in ancestors(upper):
            raise LinkRefused("cycle")


def ancestors(customer_id: int) -> list[int]:
    """The companies above one, the nearest first; merged files count as their roots."""
    found: list[int] = []
    while len(found) < _DEEPEST:
        group = Customer.objects.filter(root_id=customer_id).values("id")
        above = Relation.objects.filter(from_customer_id__in=group, kind="parent", ended_at=None)
        parent = above.order_by("id").values_list("to_customer_id", flat=True).first()
        root = Customer.objects.filter(id=parent).values_list("root_id", flat=True).first() if parent else None
        if root is None or root in found or root == customer_id:
            break
        found.append(root)
        customer_id = root
    return found

"""Who is linked to a customer, within what the viewer may see."""

from collections.abc import Sequence

from django.db.models import Q

from zhike.customers.actions.relations import ancestors
from zhike.customers.models import Customer, Relation
from zhike.customers.records import LinkedParty
from zhike.customers.scope import cards_of, numbers_of_group
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

_MOST = 100


def relations(viewer: Viewer, customer_id: int) -> list[LinkedParty]:
    """Open links of a file, companies above first. A file outside the viewer's scope is not there, nor is its link."""
    if secure.sight(viewer, "relations") == "hidden":
        return []
    group = set(numbers_of_group(customer_id))
    mine = Q(from_customer_id__in=group) | Q(to_customer_id__in=group)
    found = list(Relation.objects.filter(mine, ended_at=None).order_by("kind", "id")[: 2 * _MOST])
    found = [r for r in found if {r.from_customer_id, r.to_customer_id} - group]  # within one file it ties nobody
    pairs = [(r, True, r.to_customer_id) for r in found if r.from_customer_id in group]
    pairs += [(r, False, r.from_customer_id) for r in found if r.from_customer_id not in group]
    parties = parties_of(viewer, [other for _, _, other in pairs])
    return [
        party_of(viewer, relation, parties[other], is_above=is_above)
        for relation, is_above, other in pairs
        if other in parties
    ]


def party_of(viewer: Viewer, relation: Relation, told: tuple[str, str, str, str], *, is_above: bool) -> LinkedParty:
    """One end of a link as the viewer may see it; `told`: its public id, number, name as seen, and kind."""
    return LinkedParty(
        relation_id=relation.id,
        kind=relation.kind,
        is_above=is_above,
        roles=tuple(relation.roles),
        influence=relation.influence,
        position=relation.position if secure.sight(viewer, "position") == "shown" else "",
        note=relation.note,
        since=relation.since,
        public_id=told[0],
        number=told[1],
        name=told[2],
        party_kind=told[3],
    )


def companies_above(viewer: Viewer, customer_id: int) -> list[tuple[str, str, str]]:
    """The chain of companies above one, the topmost first: (public id, number, name)."""
    if secure.sight(viewer, "relations") == "hidden":
        return []
    chain = ancestors(customer_id)
    parties = parties_of(viewer, chain)
    return [parties[c][:3] for c in reversed(chain) if c in parties]


def parties_of(viewer: Viewer, customer_ids: Sequence[int]) -> dict[int, tuple[str, str, str, str]]:
    """{customer: (public id, number, name as seen, kind)} of the files the viewer may see, by the id that was linked."""
    roots = dict(Customer.objects.filter(id__in=set(customer_ids)).values_list("id", "root_id"))
    public = dict(Customer.objects.filter(id__in=set(roots.values())).values_list("id", "public_id"))
    seen = {
        c: (public[c], number, secure.show(viewer, "name", name), kind)
        for c, number, name, kind in cards_of(viewer)
        .filter(customer_id__in=set(roots.values()))
        .values_list("customer_id", "number", "name", "kind")
    }
    return {customer: seen[root] for customer, root in roots.items() if root in seen}

"""The chart of a company: the group it belongs to from the top down, and the people linked to each company, with their roles."""

from collections.abc import Iterable, Mapping, Sequence

from zhike.customers.actions.relations import ancestors
from zhike.customers.models import Customer, Relation
from zhike.customers.queries.relations import parties_of, party_of
from zhike.customers.records import ChartPlace, LinkedParty
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

MOST_COMPANIES, MOST_PEOPLE = 120, 300
_DEEPEST = 8
_PEOPLE = ("principal", "contact")


def organisation_chart(viewer: Viewer, customer_id: int) -> ChartPlace | None:
    """The chart from the topmost company the viewer may see down; None for whom links are hidden.

    A file outside the viewer's scope is not there, nor whatever stands below it. Merged files count as their roots.
    """
    if secure.sight(viewer, "relations") == "hidden":
        return None
    top = _top(viewer, customer_id)
    below = _below(top)
    companies = [top, *(one for own in below.values() for one in own)]
    people = _people(companies)
    told = parties_of(viewer, [*companies, *(person for own in people.values() for _, person in own)])
    parties = {
        company: tuple(party_of(viewer, link, told[one], is_above=False) for link, one in own if one in told)
        for company, own in people.items()
    }
    return _place(top, customer_id, below, parties, told) if top in told else None


def _top(viewer: Viewer, customer_id: int) -> int:
    chain = ancestors(customer_id)
    seen, top = parties_of(viewer, chain), customer_id
    for one in chain:
        if one not in seen:
            break
        top = one
    return top


def _below(top: int) -> dict[int, list[int]]:
    """Company → those directly below it, level by level."""
    found: dict[int, list[int]] = {}
    level, met = [top], {top}
    for _ in range(_DEEPEST):
        root_of = _members(level)
        links = Relation.objects.filter(to_customer_id__in=root_of, kind="parent", ended_at=None).order_by("id")
        pairs = list(links.values_list("from_customer_id", "to_customer_id")[:MOST_COMPANIES])
        roots = dict(Customer.objects.filter(id__in=[low for low, _ in pairs]).values_list("id", "root_id"))
        level = []
        for low, high in pairs:
            if (one := roots.get(low)) is not None and one not in met and len(met) < MOST_COMPANIES:
                met.add(one)
                level.append(one)
                found.setdefault(root_of[high], []).append(one)
        if not level:
            break
    return found


def _people(companies: Sequence[int]) -> dict[int, list[tuple[Relation, int]]]:
    """Company → links of its principals and contact persons, principals and the most influential first."""
    root_of = _members(companies)
    links = Relation.objects.filter(to_customer_id__in=root_of, kind__in=_PEOPLE, ended_at=None)
    found: dict[int, list[tuple[Relation, int]]] = {}
    for link in links.order_by("-kind", "-influence", "id")[:MOST_PEOPLE]:
        found.setdefault(root_of[link.to_customer_id], []).append((link, link.from_customer_id))
    return found


def _members(roots: Iterable[int]) -> dict[int, int]:
    """{customer: root} of everybody in the merged groups of these roots: a link points at a customer as it was."""
    return dict(Customer.objects.filter(root_id__in=list(roots)).values_list("id", "root_id"))


def _place(
    company: int,
    own: int,
    below: Mapping[int, Sequence[int]],
    people: Mapping[int, tuple[LinkedParty, ...]],
    told: Mapping[int, tuple[str, str, str, str]],
) -> ChartPlace:
    lower = tuple(_place(one, own, below, people, told) for one in below.get(company, ()) if one in told)
    public_id, number, name, _ = told[company]
    return ChartPlace(public_id, number, name, company == own, people.get(company, ()), lower)

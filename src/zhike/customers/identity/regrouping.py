"""Where roots are laid down: after merges, takings apart and moves, everything that hangs on a root follows.

Facts stay where they are. What moves is a handful of rows: the customers' root, the cards (one row a root), the root on the
tags, name tokens. Owner and stage are reckoned from what each customer was of its own (`standings`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from zhike.customers import cards
from zhike.customers.actions.batch import new_card_row
from zhike.customers.actions.finish import retoken_customers
from zhike.customers.actions.statements import NEW_CARD
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.identity import counting, grouping, standings
from zhike.customers.identity.holding import hold_roots
from zhike.customers.identity.standings import Own, Shown
from zhike.customers.models import Customer, CustomerCard, CustomerTag, Merge, Metric, NameToken, Standing
from zhike.kit import bulk, changes

_OWN = ("owner_staff_id", "team_id", "stage", "is_owner_decided", "had_orders")
# What the card shows of the figures runs have computed: the family, the figures' names, the card's columns.
_FIGURES = (
    ("rfm", ("class", "cell"), ("rfm_class", "rfm_cell")),
    ("value", ("abc_class", "level"), ("abc_class", "pyramid_level")),
)


@dataclass(slots=True)
class Files:
    """Some whole groups: their customers, and what each was of its own."""

    members: dict[int, Customer]
    own: dict[int, Own] = field(default_factory=dict)


def regroup(customer_ids: Iterable[int], change: Callable[[], object]) -> list[int]:
    """Hold the groups of these customers, do `change` (lay or undo an edge, move a record), and let all that hangs on roots follow.

    Call inside a transaction, alone (`holding.one_at_a_time`). Returns the roots there are now, ascending.
    """
    held = set(hold_roots(customer_ids).values())
    files = Files({c.id: c for c in Customer.objects.filter(root_id__in=held)})
    before = edges_of(files.members)
    files.own = settled(files, before)
    change()
    after = edges_of(files.members)
    root_of = grouping.roots(files.members, after)
    _point(files, root_of, after)
    _lay_cards(files, root_of)
    roots = sorted(set(root_of.values()))
    derive_cards(set(roots))
    counting.count_anew(records_of(roots), roots)
    lay_standings(files, root_of, after)
    retoken_customers(roots)
    return roots


def records_of(root_ids: Iterable[int]) -> dict[int, int]:
    """{source record: root} of whole files."""
    sql = (
        "SELECT r.id, c.root_id FROM customers_customer c JOIN customers_sourcerecord r ON r.customer_id = c.id "
        "WHERE c.root_id IN {values}"
    )
    return dict(bulk.fetch_in(sql, sorted(set(root_ids))))


def edges_of(members: Iterable[int]) -> dict[int, int]:
    """{absorbed: survivor} of the merges not undone, in the order they were made."""
    merges = Merge.objects.filter(absorbed_id__in=list(members), undone_at=None).order_by("id")
    return dict(merges.values_list("absorbed_id", "survivor_id"))


def settled(files: Files, edges: dict[int, int]) -> dict[int, Own]:
    """What each customer is of its own now: what staff changed on a merged file has become its root's own."""
    stored = Standing.objects.filter(customer_id__in=list(files.members))
    own = {s.customer_id: Own(*(getattr(s, name) for name in _OWN)) for s in stored}
    shown = CustomerCard.objects.filter(customer_id__in=[c for c, m in files.members.items() if m.is_root])
    for card in shown:
        has = card.order_count > 0
        on_card = Shown(card.owner_staff_id, card.team_id, card.stage)
        if card.customer_id not in own:
            own[card.customer_id] = Own(on_card.owner_staff_id, on_card.team_id, on_card.stage, had_orders=has)
            continue
        root, *absorbed = grouping.in_order(card.customer_id, edges)
        own[root] = standings.harvested(own[root], [own[a] for a in absorbed], on_card, has_orders=has)
    return own


def _point(files: Files, root_of: dict[int, int], edges: dict[int, int]) -> None:
    """Lay merged_into, root and is_root on the customers for whom they changed, and the root on their tags."""
    seq = changes.next_seq()
    moved = []
    for customer_id, root_id in root_of.items():
        member, into = files.members[customer_id], edges.get(customer_id)
        if (member.root_id, member.merged_into_id) != (root_id, into):
            moved.append((customer_id, into, root_id, root_id == customer_id, seq))
    columns = ["merged_into_id", "root_id", "is_root", "change_seq"]
    bulk.update_many("customers_customer", "id", columns, moved)
    for customer_id, _into, root_id, _is_root, _seq in moved:
        CustomerTag.objects.filter(root_id=files.members[customer_id].root_id, customer_id=customer_id).update(
            root_id=root_id
        )


def _lay_cards(files: Files, root_of: dict[int, int]) -> None:
    """One card a root: those of absorbed customers go, a customer that stands alone again gets its own back."""
    roots = set(root_of.values())
    absorbed = [c for c in root_of if c not in roots]
    CustomerCard.objects.filter(customer_id__in=absorbed).delete()
    NameToken.objects.filter(customer_id__in=absorbed).delete()
    present = set(CustomerCard.objects.filter(customer_id__in=roots).values_list("customer_id", flat=True))
    fresh = [files.members[c] for c in sorted(roots - present)]
    seq = changes.next_seq()
    rows = [(*new_card_row(c.id, c.number, cards.columns_of([], c.kind), None, c.created_at), seq) for c in fresh]
    bulk.insert_many("customers_customercard", NEW_CARD, rows)
    _show_figures([c.id for c in fresh])


def _show_figures(customer_ids: list[int]) -> None:
    for family, names, columns in _FIGURES:
        found = Metric.objects.filter(customer_id__in=customer_ids, family=family).values_list("customer_id", "values")
        rows = [(c, *(values.get(name, "") for name in names)) for c, values in found]
        bulk.update_many("customers_customercard", "customer_id", columns, rows)


def lay_standings(files: Files, root_of: dict[int, int], edges: dict[int, int]) -> None:
    """Owner and stage on the cards; what each customer is of its own is kept while it is in company."""
    counts = dict(
        CustomerCard.objects.filter(customer_id__in=set(root_of.values())).values_list("customer_id", "order_count")
    )
    company: set[int] = set()
    rows = []
    for root_id, count in counts.items():
        root, *absorbed = grouping.in_order(root_id, edges)
        shown = standings.together(files.own[root], [files.own[a] for a in absorbed], has_orders=count > 0)
        rows.append((root, shown.owner_staff_id, shown.team_id, shown.stage))
        company |= {root, *absorbed} if absorbed else set()
    columns = ["owner_staff_id", "team_id", "stage", "change_seq"]
    seq = changes.next_seq()
    bulk.update_many("customers_customercard", "customer_id", columns, ((*row, seq) for row in rows))
    Standing.objects.filter(customer_id__in=list(files.members)).delete()
    kept = [(c, *(getattr(files.own[c], name) for name in _OWN)) for c in sorted(company)]
    bulk.insert_many("customers_standing", ("customer_id", *_OWN), kept)

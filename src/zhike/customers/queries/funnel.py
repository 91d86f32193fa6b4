"""The funnel as one viewer may see it: a column of the board, and how customers came to where they stand.

A column is walked along the index of its stage (or class) by rank, from the highest down; the place in an address is a rank
and an id, never an offset. Counts stop at 1,000.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet

from zhike.customers.funnel_values import BEFORE_SALE, PRESALE_STEPS
from zhike.customers.models import ContactRecord, Customer, CustomerCard, Metric, SourceRecord, StageMove
from zhike.customers.queries.keyset import NotIndexed
from zhike.customers.queries.register import rows
from zhike.customers.queries.walking import CAP, FEW, UNSEEN, some_ids
from zhike.customers.records import Count, RegisterRow
from zhike.customers.scope import cards_of
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class BoardAsked:
    """Which column: a stage or a purchase class (of those before the sale), and whose customers (0: nobody's)."""

    stage: str = ""
    purchase_class: str | None = None  # a, b, c, or empty for those not yet in one
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A page of a column of the funnel's board."""

    rows: tuple[RegisterRow, ...]
    count: Count
    next_key: str


@dataclass(frozen=True, slots=True)
class StageStep:
    """One move between stages. `why`: hand, rule, order, begun, before."""

    move_id: int
    customer_id: int
    at: dt.datetime
    from_stage: str
    to_stage: str
    why: str
    reason: str
    note: str
    rule_id: int | None
    by_staff_id: int | None


@dataclass(frozen=True, slots=True)
class ContactLook:
    """The last contact with a customer, the furthest of the five steps before a sale, and the next step planned."""

    at: dt.datetime
    way: str
    step: str
    next_step_on: dt.date | None


def board(viewer: Viewer, asked: Sequence[BoardAsked], *, after: str = "", limit: int = 12) -> list[BoardColumn]:
    """A page of each column asked for, highest rank first. Nobody where the viewer may not see stages or classes."""
    found = [_cards(viewer, one, _place(after), limit) for one in asked]
    shown = {row.customer_id: row for row in rows(viewer, [card for cards, _ in found for card in cards[:limit]])}
    return [
        BoardColumn(
            rows=tuple(shown[card.customer_id] for card in cards[:limit]),
            count=count,
            next_key=f"{cards[limit - 1].lead_rank}.{cards[limit - 1].customer_id}" if len(cards) > limit else "",
        )
        for cards, count in found
    ]


def board_column(viewer: Viewer, asked: BoardAsked, *, after: str = "", limit: int = 12) -> BoardColumn:
    """A page of one column."""
    return board(viewer, [asked], after=after, limit=limit)[0]


def _cards(
    viewer: Viewer, asked: BoardAsked, place: tuple[int, int] | None, limit: int
) -> tuple[list[CustomerCard], Count]:
    cards = _asked(viewer, asked)
    if asked.owner_id is not None or viewer.scope_staff_ids() is not None:
        ids = some_ids(cards, FEW)
        if len(ids) < FEW:
            # An owner's customers are few: found by the owner, and sorted without walking everybody's.
            cards = CustomerCard.objects.filter(customer_id__in=ids)
            return _page(cards, place, limit, indexed=False), Count(min(len(ids), CAP - 1), len(ids) >= CAP)
    number = cards.order_by().values("customer_id")[:CAP].count()
    return _page(cards, place, limit, indexed=True), Count(min(number, CAP - 1), number >= CAP)


def _asked(viewer: Viewer, asked: BoardAsked) -> QuerySet[CustomerCard]:
    if secure.sight(viewer, "stage") != "shown":
        return CustomerCard.objects.none()
    cards = cards_of(viewer).filter(archived_at=None)
    if asked.purchase_class is not None:
        if secure.sight(viewer, "purchase_class") != "shown":
            return CustomerCard.objects.none()
        # Those without a class are told apart at the stage where it is asked for: that of target customers.
        if asked.purchase_class:
            cards = cards.filter(~Q(purchase_class=""), purchase_class=asked.purchase_class)
        else:
            cards = cards.filter(stage="target", purchase_class="")
    if asked.stage:
        cards = cards.filter(stage=asked.stage)
    elif asked.purchase_class:
        cards = cards.filter(stage__in=BEFORE_SALE)
    if asked.owner_id is not None:
        cards = (
            cards.filter(owner_staff_id=asked.owner_id or None) if asked.owner_id else cards.filter(owner_staff_id=None)
        )
    return cards


def _page(
    cards: QuerySet[CustomerCard], place: tuple[int, int] | None, limit: int, *, indexed: bool
) -> list[CustomerCard]:
    """One card more than the page holds, to know whether there is another."""
    if place is not None:
        rank, customer_id = place
        cards = cards.filter(lead_rank__lte=rank).filter(Q(lead_rank__lt=rank) | Q(customer_id__lt=customer_id))
    keys = [F(c) if indexed else NotIndexed(F(c)) for c in ("lead_rank", "customer_id")]
    return list(cards.defer(*UNSEEN).order_by(*(key.desc() for key in keys))[: limit + 1])


def _place(token: str) -> tuple[int, int] | None:
    rank, _, customer_id = token.partition(".")
    if not (rank.isdecimal() and customer_id.isdecimal() and len(token) < 30):
        return None
    return int(rank), int(customer_id)


def lead_figures(viewer: Viewer, customer_id: int) -> Mapping[str, Any]:
    """The score of a customer with the points it is made of, and its day; empty without one, or for who may not see it."""
    if secure.sight(viewer, "lead_score") != "shown" or not cards_of(viewer).filter(pk=customer_id).exists():
        return {}
    held = Metric.objects.filter(customer_id=customer_id, family="lead").first()
    return {**held.values, "as_of": held.as_of} if held else {}


def lead_points(viewer: Viewer, customer_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """{customer: (fit, behavior)} of those with a lead score, for who may see it."""
    if secure.sight(viewer, "lead_score") != "shown":
        return {}
    held = Metric.objects.filter(customer_id__in=list(customer_ids), family="lead").values_list("customer_id", "values")
    return {customer: (int(values.get("fit", 0)), int(values.get("behavior", 0))) for customer, values in held}


def stage_since(viewer: Viewer, shown: Sequence[RegisterRow]) -> dict[int, dt.datetime]:
    """Since when each of a page's customers stands where they stand: the newest move, else the first order or the file."""
    if secure.sight(viewer, "stage") != "shown":
        return {}
    # Of a merged group the root's own moves decide where it stands (see `identity.standings`).
    ids = [row.customer_id for row in shown]
    standing = StageMove.objects.filter(customer_id__in=ids, undone_at=None).order_by("at", "id")
    moved = dict(standing.values_list("customer_id", "at"))
    since: dict[int, dt.datetime] = {}
    for row in shown:
        began = max(row.created_at, row.first_order_at) if row.first_order_at else row.created_at
        follows = row.first_order_at if row.stage == "current" else None
        at = max([m for m in (moved.get(row.customer_id), follows) if m is not None], default=began)
        since[row.customer_id] = at
    return since


def standing_at(viewer: Viewer, customer_ids: Sequence[int]) -> dict[int, str]:
    """{customer: stage} of given roots in the viewer's scope; nobody where the viewer may not see stages."""
    if secure.sight(viewer, "stage") != "shown":
        return {}
    found = cards_of(viewer).filter(customer_id__in=customer_ids, archived_at=None)
    return dict(found.values_list("customer_id", "stage"))


def stage_steps(viewer: Viewer, customer_id: int, *, limit: int = 50) -> list[StageStep]:
    """The moves of a customer's whole merged group that stand, newest first; words only for whom notes are not hidden."""
    if secure.sight(viewer, "stage") != "shown" or not cards_of(viewer).filter(pk=customer_id).exists():
        return []
    with_words = secure.rights(viewer, "note").see != "hidden"
    with_reason = secure.sight(viewer, "loss_reason") == "shown"
    steps = sorted(_moves([customer_id]), key=lambda s: (s.at, s.move_id), reverse=True)[:limit]
    return [
        StageStep(
            **{
                **{name: getattr(s, name) for name in StageStep.__slots__},
                "note": s.note if with_words else "",
                "reason": s.reason if with_reason else "",
            }
        )
        for s in steps
    ]


def _moves(root_ids: Sequence[int]) -> list[StageStep]:
    """Moves of the given roots' merged groups, oldest first."""
    members = dict(Customer.objects.filter(root_id__in=root_ids).values_list("id", "root_id"))
    found = StageMove.objects.filter(customer_id__in=members, undone_at=None).order_by("at", "id")
    return [
        StageStep(
            move_id=m.id,
            customer_id=members[m.customer_id],
            at=m.at,
            from_stage=m.from_stage,
            to_stage=m.to_stage,
            why=m.why,
            reason=m.reason,
            note=m.note,
            rule_id=m.rule_id,
            by_staff_id=m.by_staff_id,
        )
        for m in found
    ]


def last_contacts(viewer: Viewer, customer_ids: Sequence[int]) -> Mapping[int, ContactLook]:
    """Of a page's customers: the last contact, the step before a sale they have come to, and the next step planned."""
    if secure.sight(viewer, "contact_records") != "shown":
        return {}
    seen = set(cards_of(viewer).filter(customer_id__in=customer_ids).values_list("customer_id", flat=True))
    members = dict(Customer.objects.filter(root_id__in=seen).values_list("id", "root_id"))
    records = dict(SourceRecord.objects.filter(customer_id__in=members).values_list("id", "customer_id"))
    columns = ("source_record_id", "at", "way", "step", "next_step_on")
    found: dict[int, ContactLook] = {}
    noted = ContactRecord.objects.filter(source_record_id__in=records).order_by("at", "id").values_list(*columns)
    for record_id, at, way, step, next_on in noted[:5000]:
        root = members[records[record_id]]
        before = found.get(root)
        found[root] = ContactLook(
            at, way, _further(before.step if before else "", step), next_on or (before.next_step_on if before else None)
        )
    return found


def _further(before: str, step: str) -> str:
    """Steps are not gone back: who came to build the relation has been understood."""
    if not step or not before:
        return step or before
    return max(before, step, key=PRESALE_STEPS.index)

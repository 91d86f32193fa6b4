"""A change of stage closes the card of the stage before: it stays readable as it was, and the next one opens.

Nothing is copied: the card keeps which version stated each field (`OldCard`). Customers of the target market have no card yet,
so an import that makes current customers of them closes none.
"""

from collections.abc import Iterable, Sequence

from zhike.customers.card_kinds import CLOSES, kind_of
from zhike.customers.models import Customer, CustomerTag, OldCard
from zhike.kit import bulk, chance, clock, ids, rows

_COLUMNS = (
    *("id", "public_id", "customer_id", "kind", "stage", "next_stage", "closed_at", "by_staff_id"),
    *("origins", "figures", "owner_staff_id", "tag_ids"),
)
_FIGURES = ("order_count", "net_cents", "first_order_at", "last_order_at", "rfm_class", "rfm_cell", "abc_class")
_CARDS = f"SELECT customer_id, origins, owner_staff_id, {', '.join(_FIGURES)} FROM customers_customercard WHERE customer_id IN {{values}}"


def close_cards(moved: Iterable[tuple[int, str]], stage: str, *, by_staff_id: int | None) -> int:
    """Keep the cards of customers who leave the stages given (customer, stage left) for another kind of card; how many.

    Call inside the transaction of the change.
    """
    leaving = {c: before for c, before in moved if kind_of(before) != kind_of(stage) and before in CLOSES}
    if not leaving:
        return 0
    tags: dict[int, list[int]] = {}
    for customer_id, tag_id in CustomerTag.objects.filter(customer_id__in=leaving).values_list("customer_id", "tag_id"):
        tags.setdefault(customer_id, []).append(tag_id)
    at = clock.now()
    found = list(bulk.fetch_in(_CARDS, sorted(leaving)))
    taken = ids.take("old_card", len(found)) if found else []
    made = [
        (
            *(card_id, chance.public_id(), c, kind_of(leaving[c]), leaving[c], stage, at, by_staff_id),
            *(rows.parsed(origins), _figures(values), owner, sorted(tags.get(c, []))),
        )
        for card_id, (c, origins, owner, *values) in zip(taken, found, strict=True)
    ]
    return bulk.insert_many("customers_oldcard", _COLUMNS, made)


def reopen_cards(back: Sequence[tuple[int, str]], left: str) -> None:
    """A change of stage was taken back: the card it closed is open again, as if it had not been closed."""
    for customer_id, before in back:
        closed = OldCard.objects.filter(customer_id=customer_id, stage=before, next_stage=left)
        last = closed.order_by("-closed_at", "-id").first()
        if (
            last is not None
            and not OldCard.objects.filter(customer_id=customer_id, closed_at__gt=last.closed_at).exists()
        ):
            last.delete()


def forget_old_cards(customer_id: int) -> None:
    """Nothing of an erased customer's earlier cards stays; again after each restore."""
    group = Customer.objects.filter(root_id=customer_id).values("id")
    OldCard.objects.filter(customer_id__in=group).delete()


def _figures(values: Sequence[object]) -> dict[str, object]:
    held = dict(zip(_FIGURES, values, strict=True))
    for name in ("first_order_at", "last_order_at"):
        held[name] = rows.moment(held[name]).isoformat() if held[name] else None
    return held

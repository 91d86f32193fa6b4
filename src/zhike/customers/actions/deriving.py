"""Deriving every card anew: after the rules changed, or what they weigh of a source."""

from django.db import transaction

from zhike.customers import cards
from zhike.customers.models import Customer, CustomerCard, Derivation
from zhike.customers.survivorship import RULES_VERSION
from zhike.kit import bulk, changes, clock

BATCH = 200


def is_behind() -> bool:
    """Whether cards may stand that older rules derived."""
    return not Derivation.objects.filter(id=1, rules_version__gte=RULES_VERSION).exists()


def derive_some(after: int) -> tuple[int, int]:
    """Derive the cards behind a root, in one short transaction: (the root to go on from or 0 at the end, cards changed)."""
    roots = Customer.objects.filter(is_root=True).values("id")
    with transaction.atomic():
        behind = CustomerCard.objects.select_for_update().filter(customer_id__gt=after, customer_id__in=roots)
        found = list(behind.order_by("customer_id").values_list("customer_id", flat=True)[:BATCH])
        rows, seq, at = [], changes.next_seq(), clock.now()
        for root_id, file in cards.open_files(found).items():
            columns = cards.columns_of(file.versions, file.card["kind"])
            if file.versions and columns != file.card:
                rows.append((root_id, *(columns[c] for c in cards.COLUMNS), at, seq))
        bulk.update_many("customers_customercard", "customer_id", [*cards.COLUMNS, "updated_at", "change_seq"], rows)
    return (found[-1] if len(found) == BATCH else 0), len(rows)


def note_derived() -> None:
    """Note that all cards follow the rules of this version."""
    made = {"rules_version": RULES_VERSION, "finished_at": clock.now()}
    Derivation.objects.update_or_create(id=1, defaults=made)

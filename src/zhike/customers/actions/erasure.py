"""Erasing a person from the register: keys destroyed, open values gone, amounts left, and a mark that keeps exports out.

`secure.subjects.bury("customer", id, reason)` erases now and after every restore. What stays is a nameless, archived file
with its number, so that orders keep their amounts and no number is given twice. A source goes on naming the person in its
exports: `SourceRecord.erased_at` is the mark by which an import knows such a record and lays nothing on it.
"""

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, Concat

from zhike.customers.actions.forgetting import delete_statements
from zhike.customers.actions.verifications import forget_verifications
from zhike.customers.actions.withdrawal import derive_cards
from zhike.customers.models import (
    ContactRecord,
    Customer,
    CustomerCard,
    CustomerTag,
    MarketFlow,
    NameToken,
    Source,
    SourceRecord,
    StageMove,
    Standing,
    StopTrace,
)
from zhike.kit import changes, clock
from zhike.secure import vault
from zhike.secure.records import SYSTEM
from zhike.work import actions as work


def erase_customer(customer_id: int) -> None:
    """Erase everything known of a customer's whole merged group; repeatable, and nothing where no such customer is.

    Call inside a transaction. The keys die first, in the keyring's own: an erasure that is interrupted has lost sealed
    values already and is finished when repeated.
    """
    root_id = Customer.objects.filter(pk=customer_id).values_list("root_id", flat=True).first()
    if root_id is None:
        return
    members = list(Customer.objects.filter(root_id=root_id).values_list("id", flat=True))
    records = list(SourceRecord.objects.filter(customer_id__in=members).values_list("id", flat=True))
    vault.destroy_keys(records)
    delete_statements(records)
    NameToken.objects.filter(customer_id__in=members).delete()
    CustomerTag.objects.filter(customer_id__in=members).delete()
    ContactRecord.objects.filter(source_record_id__in=records).update(
        place="", purpose="", offer="", note="", cuttings=None
    )
    forget_verifications(records)
    StageMove.objects.filter(customer_id__in=members).update(note="")
    StopTrace.objects.filter(source_record_id__in=records).update(words="")
    MarketFlow.objects.filter(source_record_id__in=records).delete()
    work.forget_tasks("customer", members, by=SYSTEM)
    _mark(records)
    _leave_nameless(root_id, members)


def _mark(records: list[int]) -> None:
    at, seq = clock.now(), changes.next_seq()
    SourceRecord.objects.filter(id__in=records).update(erased_at=Coalesce(F("erased_at"), at), change_seq=seq)
    # A note on the nameless file gets a house record, and so a key, of its own.
    house = Source.objects.filter(is_house=True).values("id")
    SourceRecord.objects.filter(id__in=records, source_id__in=house).update(
        external_key=Concat(Value("erased:"), F("id"), output_field=CharField())
    )


def _leave_nameless(root_id: int, members: list[int]) -> None:
    """The card without a value, archived, nobody's; its figures are the orders', which keep their amounts."""
    derive_cards({root_id})
    at = clock.now()
    CustomerCard.objects.filter(customer_id__in=members).update(archived_at=at, owner_staff_id=None, team_id=None)
    Customer.objects.filter(id__in=members).update(archived_at=at)
    Standing.objects.filter(customer_id__in=members).update(owner_staff_id=None, team_id=None)

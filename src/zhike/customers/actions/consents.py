"""What a customer answered to a purpose: noted on the file, withdrawn over the whole merged group."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from zhike.customers.events import ConsentsChanged
from zhike.customers.house import house_record_ids
from zhike.customers.models import Attachment, Customer, CustomerCard
from zhike.customers.queries.consents import SUBJECT
from zhike.customers.queries.merges import group_of
from zhike.customers.scope import record_ids_of, root_within
from zhike.kit import changes, clock
from zhike.kit.events import publish
from zhike.secure import consents
from zhike.secure.consents import ConsentRefused, Said
from zhike.secure.opened import Opened
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that somebody answered so: words (sealed), an attachment on the file, or both."""

    words: str = ""
    attachment: str = ""  # its public id


def give_consent(
    customer_id: int,
    purpose: str,
    *,
    way: str,
    by: Viewer,
    at: dt.datetime | None = None,
    until: dt.datetime | None = None,
    notice_id: int | None = None,
    language: str = "",
    proof: Proof | None = None,
    also: Sequence[int] = (),
) -> list[int]:
    """Note that the customer agreed. Returns the ids of the answers kept.

    It is the answer of this file alone. A withdrawal on another file of the merged group goes on restricting the group,
    unless `also` names that file: then whoever notes this has asked whether both are one person. Raises ConsentRefused,
    CustomerUnknown, Forbidden.
    """
    check(by, "consents.edit")
    with transaction.atomic():
        root_id = root_within(by, customer_id)
        members = group_of(root_id)
        if not set(also) <= set(members):
            raise ConsentRefused("group")
        said = Said(
            purpose=purpose, answer="given", way=way, at=at or clock.now(), until=until, notice_id=notice_id,
            language=language, evidence=proof.words.strip() if proof else "", proof=_attached(root_id, proof),
        )  # fmt: skip
        return _keep([root_id, *(m for m in also if m != root_id)], said, by)


def withdraw_consent(
    customer_id: int,
    purpose: str,
    *,
    way: str,
    by: Viewer,
    at: dt.datetime | None = None,
    proof: Proof | None = None,
) -> list[int]:
    """Note that the customer withdrew, or objects. It holds at once, for every file of the merged group.

    Each member file keeps the withdrawal as its own, so it goes on holding for all of them when the merge is undone: which
    of the two people meant it, nobody can tell any more. Raises ConsentRefused, CustomerUnknown, Forbidden.
    """
    check(by, "consents.edit")
    with transaction.atomic():
        root_id = root_within(by, customer_id)
        said = Said(
            purpose=purpose, answer="withdrawn", way=way, at=at or clock.now(),
            evidence=proof.words.strip() if proof else "", proof=_attached(root_id, proof),
        )  # fmt: skip
        return _keep(group_of(root_id), said, by)


def withdraw_by_link(customer_id: int, purpose: str) -> list[int]:
    """The person withdrew by the link in a message: the link is the proof, and nobody else is asked.

    Nothing where there is no such customer. Call inside a transaction.
    """
    members = group_of(customer_id)
    said = Said(purpose=purpose, answer="withdrawn", way="link", at=clock.now())
    return _keep(members, said, SYSTEM) if members else []


def reveal_evidence(customer_id: int, consent_id: int, *, by: Viewer, purpose: str, reason: str = "") -> Opened:
    """Open the words that prove an answer of this file: permission → quota → audit committed → value. Not in a transaction.

    Raises ConsentRefused `evidence_gone`, CustomerUnknown, Forbidden.
    """
    check(by, "consents.view")
    root_id = root_within(by, customer_id)
    told = consents.history(SUBJECT, group_of(root_id), limit=1000)
    if consent_id not in {answer.id for answer in told}:
        raise ConsentRefused("evidence_gone")
    return consents.reveal_evidence(consent_id, by=by, purpose=purpose, reason=reason)


def _keep(members: Sequence[int], said: Said, by: Viewer) -> list[int]:
    records = house_record_ids(members) if said.evidence else {}
    made = consents.record([(SUBJECT, m, records.get(m)) for m in members], said, by=by)
    touch_cards(members, [said.purpose])
    return made


def touch_cards(members: Sequence[int], purposes: Iterable[str]) -> None:
    """Let everybody know that what holds for these customers may be other now. Call inside a transaction."""
    # The lake reads cards by their change number, and what somebody agreed to with them.
    roots = Customer.objects.filter(id__in=list(members)).values("root_id")
    CustomerCard.objects.filter(customer_id__in=roots).update(change_seq=changes.next_seq())
    publish(ConsentsChanged(purposes=tuple(sorted(set(purposes)))))


def lapse_consents() -> int:
    """Note on cards and in counts which consents lapsed since; returns how many. In short transactions, safe to repeat."""
    count = 0
    for subjects, purpose in consents.lapse(SUBJECT):
        touch_cards(subjects, [purpose])
        count += len(subjects)
    return count


def _attached(root_id: int, proof: Proof | None) -> tuple[str, int] | None:
    if proof is None or not proof.attachment:
        return None
    mine = Attachment.objects.filter(source_record_id__in=record_ids_of(root_id), removed_at=None)
    found = mine.filter(public_id=proof.attachment).values_list("id", flat=True).first()
    if found is None:
        raise ConsentRefused("attachment")
    return "attachment", int(found)

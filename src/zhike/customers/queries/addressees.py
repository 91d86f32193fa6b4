"""Whom a message would reach: the name and language of a customer, and their e-mail addresses as references, the best first."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhike.customers.cards import live_versions
from zhike.customers.models import Customer, CustomerCard, SourceVersion
from zhike.customers.normalizing import lookups_of, normal_text
from zhike.customers.records import SEALED_COLUMN
from zhike.customers.survivorship import LiveVersion, rank
from zhike.secure.records import SealedRef

MAIL = "email"


@dataclass(frozen=True, slots=True)
class MailAddress:
    """An e-mail address as it lies: its keyed digest and its seal. Nothing here is readable."""

    digest: bytes
    ref: SealedRef


@dataclass(frozen=True, slots=True)
class Addressee:
    """The root of a group as a message needs it. `addresses` are distinct, the one the file shows first, then the later stated."""

    customer_id: int
    public_id: str
    number: str
    name: str
    language: str
    is_archived: bool
    addresses: tuple[MailAddress, ...]


def addressee(customer_id: int) -> Addressee | None:
    """The customer's root as a machine may address it, or None when there is no such customer. Asks no right."""
    root_id = Customer.objects.filter(pk=customer_id).values_list("root_id", flat=True).first()
    card = CustomerCard.objects.filter(pk=root_id).first() if root_id else None
    if card is None:
        return None
    public_id = Customer.objects.values_list("public_id", flat=True).get(pk=card.customer_id)
    language = str(card.values.get("language", ""))
    return Addressee(
        card.customer_id, public_id, card.number, card.name, language, card.archived_at is not None,
        tuple(_addresses([v for _, v in live_versions([card.customer_id])])),
    )  # fmt: skip


def mail_digest(typed: str) -> bytes:
    """The digest under which an address is found that somebody typed. Raises ValueProblem for what is no address."""
    return lookups_of(MAIL, normal_text(MAIL, typed)[MAIL])[0][1]


def _addresses(versions: Sequence[LiveVersion]) -> list[MailAddress]:
    stating = sorted(
        (v for v in versions if isinstance(v.facts.get(MAIL), dict)), key=lambda v: rank(v, MAIL), reverse=True
    )
    stating = [v for v in stating if rank(v, MAIL)[0] >= 0]  # what our staff found wrong is written to by nobody
    cleared = [v for v in versions if MAIL in v.facts and v.facts[MAIL] is None]
    if cleared:  # the house says that what sources stated is no longer so
        last = max(cleared, key=lambda v: rank(v, MAIL))
        stating = [v for v in stating if rank(v, MAIL) > rank(last, MAIL)]
    first: dict[bytes, LiveVersion] = {}
    for version in stating:
        first.setdefault(bytes.fromhex(version.facts[MAIL]["k"]), version)
    blobs = dict(SourceVersion.objects.filter(id__in=[v.id for v in first.values()]).values_list("id", "sealed"))
    return [
        MailAddress(digest, SealedRef(SEALED_COLUMN, v.id, v.source_record_id, bytes(blobs[v.id])))
        for digest, v in first.items()
    ]

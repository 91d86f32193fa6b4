"""Words of a contact for a reader: identifiers that were cut out stand there by kind, and may be asked for one by one."""

import re

from django.utils.translation import gettext

from zhike.customers.models import ContactRecord, Customer, SourceRecord
from zhike.customers.records import Cutting, NotePart
from zhike.customers.scope import root_within
from zhike.secure import cutting
from zhike.secure import queries as secure
from zhike.secure.records import SealedRef, Viewer

CUTTINGS_COLUMN = "customers_contactrecord.cuttings"
# The right that opens a cutting is that of the field it would be on the file; the numbers of papers and cards are sensitive.
FIELDS = {
    "phone": "phone",
    "email": "email",
    "wechat": "wechat",
    "id_number": "payment_account",
    "bank_card": "payment_account",
}
_NAME = re.compile(r"(offer-)?([a-z_]+)-(\d{1,4})\Z")


def parts_of(viewer: Viewer, contact: ContactRecord) -> tuple[NotePart, ...]:
    """Offer and note of a contact; nothing when the viewer's role hides notes."""
    if secure.rights(viewer, "note").see == "hidden":
        return ()
    offer, note = _split(viewer, contact.offer, "offer-"), _split(viewer, contact.note, "")
    return (*offer, NotePart(" · "), *note) if offer and note else offer or note


def offer_of(viewer: Viewer, contact: ContactRecord) -> str:
    """The offer of a contact with what was cut out named by kind; nothing when the viewer's role hides notes."""
    if secure.rights(viewer, "note").see == "hidden":
        return ""
    return cutting.words(contact.offer, _hidden())


def cutting_of(viewer: Viewer, customer_id: int, contact_id: int, name: str) -> Cutting | None:
    """What a name such as `phone-1` stands for in a contact of this customer; None where nothing of it was cut out.

    Raises CustomerUnknown outside the viewer's scope.
    """
    root_id = root_within(viewer, customer_id)
    read, contact = _NAME.match(name), ContactRecord.objects.filter(pk=contact_id).first()
    if read is None or contact is None or not contact.cuttings or secure.rights(viewer, "note").see == "hidden":
        return None
    offer, kind, number = read[1] or "", read[2], read[3]
    body = contact.offer if offer else contact.note
    if kind not in FIELDS or f"⟦{kind}:{number}⟧" not in body or _root_of(contact) != root_id:
        return None
    part = f"{'offer/' if offer else ''}{kind}:{number}"
    return Cutting(contact.id, part, FIELDS[kind], _kinds()[kind])


def cutting_ref(found: Cutting) -> SealedRef:
    """Where the cuttings of a contact lie."""
    contact = ContactRecord.objects.get(pk=found.contact_id)
    return SealedRef(CUTTINGS_COLUMN, contact.id, contact.source_record_id, bytes(contact.cuttings or b""))


def _root_of(contact: ContactRecord) -> int | None:
    owner = SourceRecord.objects.filter(pk=contact.source_record_id).values("customer_id")
    return Customer.objects.filter(id__in=owner).values_list("root_id", flat=True).first()


def _split(viewer: Viewer, body: str, before: str) -> tuple[NotePart, ...]:
    parts, at = [], 0
    for found in cutting.CUT.finditer(body):
        if found.start() > at:
            parts.append(NotePart(body[at : found.start()]))
        kind, field = found[1], FIELDS.get(found[1], "")
        label = f"［{_hidden().get(kind, kind)}］"
        parts.append(NotePart(label, f"{before}{kind}-{found[2]}", bool(field) and secure.may_reveal(viewer, field)))
        at = found.end()
    return (*parts, NotePart(body[at:])) if body[at:] else tuple(parts)


def _hidden() -> dict[str, str]:
    kinds = {"phone": gettext("phone hidden"), "email": gettext("e-mail hidden"), "wechat": gettext("WeChat hidden")}
    return kinds | {"id_number": gettext("ID number hidden"), "bank_card": gettext("card number hidden")}


def _kinds() -> dict[str, str]:
    kinds = {"phone": gettext("Phone in a note"), "email": gettext("E-mail in a note")}
    others = {"id_number": gettext("ID number in a note"), "bank_card": gettext("Card number in a note")}
    return kinds | others | {"wechat": gettext("WeChat in a note")}

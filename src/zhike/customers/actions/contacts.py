"""Contact records 公司投入记录: what the company put into a customer, and what came of a list entry."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from zhike.customers import next_steps
from zhike.customers.funnel_values import PRESALE_STEPS
from zhike.customers.house import house_record_id
from zhike.customers.models import ContactRecord
from zhike.customers.queries.cuttings import CUTTINGS_COLUMN, cutting_of, cutting_ref
from zhike.customers.scope import root_within
from zhike.kit import bulk, changes, clock, ids
from zhike.secure import actions as secure
from zhike.secure import cutting, vault
from zhike.secure.opened import Opened
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

WAYS = ("call", "visit", "chat", "mail", "message", "meeting", "event", "gift", "list")
OUTCOMES = ("done", "not_now", "wrong", "reached", "not_reached")


class ContactRefused(ValueError):
    """A contact cannot be noted as given; `code` is `way`, `outcome`, `step`, `cost`, `future`, `note_too_long` or `no_cutting`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One touch: when, how, where, what for, what was offered, at what cost, with what result; the step before a sale it served."""

    at: dt.datetime
    way: str
    outcome: str
    place: str = ""
    purpose: str = ""
    offer: str = ""
    note: str = ""
    cost_cents: int = 0
    minutes: int | None = None
    next_step_on: dt.date | None = None
    task_id: int | None = None
    step: str = ""


def record_contact(customer_id: int, contact: Contact, *, by: Viewer) -> int:
    """Note a contact on the customer's house record; returns its id. Raises ContactRefused, Forbidden, CustomerUnknown."""
    check(by, "customers.edit")
    _refuse_bad(contact)
    root_id = root_within(by, customer_id)
    with transaction.atomic():
        record = _keep(root_id, contact, by)
        next_steps.follow(root_id, record, by=by)
        secure.record_audit("contact.recorded", by=by, about=("customer", root_id))
    return record.id


def reveal_cutting(
    customer_id: int, contact_id: int, name: str, *, by: Viewer, purpose: str, reason: str = ""
) -> Opened:
    """Open one identifier that was cut out of a contact's words: permission → quota → audit committed → value.

    `name` is that of `queries.cutting_of`. Not inside a transaction. Raises Forbidden, QuotaExceeded, ReasonMissing, CustomerUnknown,
    or ContactRefused `no_cutting`.
    """
    check(by, "customers.view")
    found = cutting_of(by, customer_id, contact_id, name)
    if found is None:
        raise ContactRefused("no_cutting")
    about = ("customer", root_within(by, customer_id))
    ref = cutting_ref(found)
    return secure.open_sealed(by, ref, found.field, about=about, purpose=purpose, reason=reason, part=found.part)


def note_outcome(task_id: int, outcome: str, note: str, *, by: Viewer) -> None:
    """Close an entry of a list with `done`, `not_now` or `wrong`, and note it on the file, in one transaction."""
    check(by, "worklist.note")
    if outcome not in ("done", "not_now", "wrong"):
        raise ContactRefused("outcome")
    from zhike.work import actions as work

    contact = Contact(at=clock.now(), way="list", outcome=outcome, note=note, task_id=task_id)
    _refuse_bad(contact)
    with transaction.atomic():
        task = work.close_task(task_id, outcome, cutting.cut(note)[0], by=by)
        root_id = root_within(by, task.about_id)
        _keep(root_id, contact, by)
        secure.record_audit(
            "worklist.noted", by=by, about=("customer", root_id), detail={"outcome": outcome, "task": task_id}
        )


def _keep(root_id: int, contact: Contact, by: Viewer) -> ContactRecord:
    contact_id, record_id = ids.take("contact")[0], house_record_id(root_id)
    offer, note, sealed = _cut(contact, contact_id, record_id)
    record = ContactRecord.objects.create(
        id=contact_id,
        source_record_id=record_id,
        at=contact.at,
        way=contact.way,
        place=contact.place.strip()[:120],
        purpose=contact.purpose.strip()[:60],
        offer=offer[:400],
        outcome=contact.outcome,
        note=note,
        cuttings=sealed,
        cost_cents=contact.cost_cents,
        minutes=contact.minutes,
        next_step_on=contact.next_step_on,
        task_id=contact.task_id,
        step=contact.step,
        staff_id=by.staff_id,
        created_at=clock.now(),
        change_seq=(seq := changes.next_seq()),
    )
    # The card tells the lake when somebody was last spoken with.
    bulk.update_many("customers_customercard", "customer_id", ["change_seq"], [(root_id, seq)])
    return record


def _cut(contact: Contact, contact_id: int, record_id: int) -> tuple[str, str, bytes | None]:
    """Offer and note without the identifiers in them, and those sealed (None when there were none)."""
    offer, from_offer = cutting.cut(contact.offer.strip())
    note, from_note = cutting.cut(contact.note.strip())
    apart = {f"offer/{name}": value for name, value in from_offer.items()} | from_note
    if not apart:
        return offer, note, None
    key = vault.ensure_keys([record_id])[record_id]
    return offer, note, vault.seal(key, vault.SealContext(CUTTINGS_COLUMN, contact_id, record_id), dict(apart))


def _refuse_bad(contact: Contact) -> None:
    if contact.way not in WAYS:
        raise ContactRefused("way")
    if contact.outcome not in OUTCOMES:
        raise ContactRefused("outcome")
    if contact.step and contact.step not in PRESALE_STEPS:
        raise ContactRefused("step")
    if contact.cost_cents < 0:
        raise ContactRefused("cost")
    if contact.at > clock.now() + dt.timedelta(minutes=5):
        raise ContactRefused("future")
    if len(contact.note) > 4000:
        raise ContactRefused("note_too_long")

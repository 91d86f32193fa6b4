"""The outbox 发件箱: messages by state, one in full with every check, and those on a customer's timeline."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from zhike.customers import queries as customers
from zhike.customers.records import TimelineItem, TimelinePlace
from zhike.kit.paging import Column, Page, page_of
from zhike.reach.models import Message
from zhike.reach.records import AttemptRow, Check, MessageDetail, MessageRow
from zhike.reach.rendering import TemplateFault
from zhike.reach.settings_of_mail import settings
from zhike.reach.wording import stop_url, values_for, words
from zhike.secure import queries as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

SORTS = {"newest": (Column("id", descending=True),)}
# What a list may be narrowed to → the states it shows.
VIEWS: Mapping[str, tuple[str, ...]] = {
    "all": (),
    "waiting": ("queued", "held", "sending"),
    "sent": ("sent",),
    "not_sent": ("refused", "cancelled"),
    "trouble": ("bounced", "failed", "unknown"),
}


def visible(viewer: Viewer) -> QuerySet[Message]:
    """The messages to customers of the viewer's scope."""
    within = customers.records_in_scope(viewer)
    return Message.objects.all() if within is None else Message.objects.filter(source_record_id__in=within)


def outbox(
    viewer: Viewer, *, view: str = "all", purpose: str = "", template: str = "", customer_id: int | None = None,
    after: str = "", before: str = "", size: int = 50,
) -> Page[MessageRow]:  # fmt: skip
    """A page of messages, the newest first. Raises BadPageKey, Forbidden."""
    check(viewer, "reach.view")
    found = visible(viewer).select_related("version__template")
    if states := VIEWS.get(view, ()):
        found = found.filter(state__in=states)
    if purpose:
        found = found.filter(purpose=purpose)
    if template:
        found = found.filter(version__template__public_id=template)
    if customer_id is not None:
        found = found.filter(source_record_id__in=customers.record_ids_of(customer_id))
    page = page_of(found, sorts=SORTS, sort="newest", after=after, before=before, size=size)
    return Page([row_of(m) for m in page.items], page.next_key, page.previous_key)


def detail(viewer: Viewer, public_id: str) -> MessageDetail | None:
    """One message as the viewer may see it: the address as a mask, the customer's name by their rights. None outside the scope."""
    check(viewer, "reach.view")
    message = visible(viewer).filter(public_id=public_id).select_related("version__template").first()
    if message is None:
        return None
    attempts = message.attempts.order_by("number")
    shown = _as_sent(viewer, message)
    return MessageDetail(
        row=row_of(message),
        language=message.language,
        facts=message.facts,
        checks=tuple(Check(*c) for c in message.checks),
        checked_at=message.checked_at,
        attempts=tuple(AttemptRow(a.number, a.channel, a.at, a.outcome, a.code) for a in attempts),
        address_mask=_mask(viewer, message),
        subject=shown[0],
        html=shown[1],
    )


def timeline(record_ids: Sequence[int], before: TimelinePlace | None = None, limit: int = 30) -> list[TimelineItem]:
    """Messages of these records before a place, newest first."""
    ids = customers.newest_ids("reach_message", "created_at", "message", record_ids, before, limit)
    found = Message.objects.filter(id__in=ids).select_related("version__template")
    return [
        TimelineItem(
            at=m.created_at, kind="message", key=str(m.id), title=m.version.template.name, detail=m.why, state=m.state,
            address=m.public_id,
        )
        for m in found
    ]  # fmt: skip


def row_of(message: Message) -> MessageRow:
    """A stored message as a list shows it."""
    template = message.version.template
    names = ("id", "public_id", "source_record_id", "purpose", "state", "why", "attempt_count", "created_at", "due_at", "sent_at", "by_staff_id")  # fmt: skip
    own: dict[str, Any] = {name: getattr(message, name) for name in names}
    return MessageRow(template_name=template.name, template_id=template.public_id, **own)


def _as_sent(viewer: Viewer, message: Message) -> tuple[str, SafeString]:
    """Subject and HTML as the customer reads them, with the name as this viewer may see it and no working way out."""
    owner = customers.customer_of_record(message.source_record_id)
    to = customers.addressee(owner) if owner is not None else None
    name = secure.show(viewer, "name", to.name) if to else ""
    values = values_for(name, to.number if to else "", message.language, message.facts)
    way_out = stop_url(message, settings()).rpartition("/stop/")[0]
    try:
        said = words(
            message.version.texts, message.language, values, purpose=message.purpose,
            stop_url=f"{way_out}/stop/…" if way_out else "",
        )  # fmt: skip
    except TemplateFault:
        return message.version.texts[message.language]["subject"], SafeString("")
    return said.subject, said.html


def _mask(viewer: Viewer, message: Message) -> str:
    owner = customers.customer_of_record(message.source_record_id)
    to = customers.addressee(owner) if owner is not None else None
    wanted = bytes(message.address_digest) if message.address_digest else None
    refs = [a.ref for a in (to.addresses if to else ()) if wanted is None or a.digest == wanted]
    return secure.masked(viewer, refs[:1], "email")[0] if refs else ""

"""The lists on a card and in a bag: orders, contracts, contacts, cases, people, attachments, what is to be done."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from zhike.customers import queries as customers
from zhike.desk import words
from zhike.desk.cards.reader import Reader, day
from zhike.desk.printing.sheet import Listing
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.shop import queries as shop
from zhike.work import queries as work

if TYPE_CHECKING:
    from zhike.desk.cards.building import Subject

SHOWN = 10  # on a card; a bag holds all


def amount(cents: int | None, currency: str) -> str:
    """Money on paper: figures with the currency's code unless it is the shop's own."""
    if cents is None:
        return ""
    text = f"{cents / 100:,.2f}"
    return text if currency in ("", installation().currency) else f"{text} {currency}"


def orders(reader: Reader, subject: "Subject", *, limit: int = SHOWN, title: str = "") -> list[Listing]:
    """The last deals, newest first."""
    if not reader.viewer.can("orders.view") or not reader.may("order_number", "paid_amount"):
        return []
    found = shop.orders_of(subject.record_ids, limit=limit + 1, until=subject.until)
    rows = tuple(
        (
            o.number,
            day(o.ordered_at),
            str(shop.words.ORDER_STATES.get(o.status, o.status)),
            str(o.item_count),
            amount(o.net_cents, o.currency),
        )
        for o in found[:limit]
    )
    headings = (_("Order number"), _("Date"), _("State"), _("Items"), _("Net amount"))
    note = _("The newest %(n)s are listed.") % {"n": limit} if len(found) > limit else ""
    return [Listing(title or _("Last deals"), headings, rows, frozenset({3, 4}), note)] if rows else []


def installed(reader: Reader, subject: "Subject") -> list[Listing]:
    """What the customer owns: bought and not given back, what was bought last first."""
    if not reader.viewer.can("orders.view") or not reader.may("order_lines", "order_number"):
        return []
    found = shop.owned_by(subject.record_ids, limit=SHOWN, until=subject.until)
    rows = tuple((i.title, day(i.last_at), str(i.quantity), day(i.first_at), i.last_order, i.sku) for i in found.items)
    headings = (_("Product"), _("Last bought"), _("Pieces"), _("First bought"), _("Order number"), _("SKU"))
    note = _("Told from orders: bought and not given back.")
    if found.more:
        more = ngettext("%(n)s more product is not listed.", "%(n)s more products are not listed.", found.more)
        note = _sentences(note, more % {"n": found.more})
    if not found.is_whole:
        note = _sentences(note, _("Only the newest orders were looked through."))
    door = f"{reverse('desk:file', args=[subject.row.public_id])}?kind=order"
    return [Listing(_("Installed items"), headings, rows, frozenset({2}), note, door)] if rows else []


def _sentences(first: str, second: str) -> str:
    """Two sentences: Chinese ones follow each other without a space."""
    return pgettext("two sentences", "%(first)s %(second)s") % {"first": first, "second": second}


def contracts(reader: Reader, subject: "Subject") -> list[Listing]:
    """Agreements and whether they are kept."""
    if not reader.viewer.can("orders.view") or not reader.may("contracts"):
        return []
    found = [
        c
        for c in shop.contracts_of(reader.viewer, subject.record_ids)
        if subject.until is None or c.starts_on <= subject.until.date()
    ]
    in_force = [c.public_id for c in found if c.state == "active"][:SHOWN]
    terms = {one: detail.payment_terms for one in in_force if (detail := shop.contract(reader.viewer, one))}
    rows = tuple(
        (
            c.number or "—",
            c.title,
            str(shop.contract_words.STATES.get(c.state, c.state)),
            day(c.starts_on),
            day(c.ends_on) or _("open-ended"),
            terms.get(c.public_id, ""),
            amount(c.volume_cents, c.currency),
        )
        for c in found
    )
    headings: tuple[str, ...] = (pgettext("contract", "Number"), _("Title"), _("State"), _("From"), _("Until"))
    headings = (*headings, _("Terms of payment"), _("Volume"))
    return [Listing(_("Contracts"), headings, rows, frozenset({6}))] if rows else []


def contacts(reader: Reader, subject: "Subject", *, limit: int = SHOWN, title: str = "") -> list[Listing]:
    """What the company put into the customer: day, way, purpose, result, who, next step."""
    if not reader.may("contact_records"):
        return []
    found = customers.contacts_of(reader.viewer, subject.record_ids, limit=limit + 1, until=subject.until)
    staff = _staff([c.staff_id for c in found])
    rows = tuple(
        (
            day(c.at),
            str(words.WAYS.get(c.way, c.way)),
            str(words.PURPOSES.get(c.purpose, c.purpose)),
            str(words.OUTCOMES.get(c.outcome, c.outcome)),
            staff.get(c.staff_id or 0, ""),
            day(c.next_step_on),
            amount(c.cost_cents, "") if c.cost_cents else "",
        )
        for c in found[:limit]
    )
    headings = (_("Date"), _("Way"), _("Purpose"), _("Result"), _("By"), _("Next step on"), _("Cost"))
    note = _("The newest %(n)s are listed.") % {"n": limit} if len(found) > limit else ""
    return [Listing(title or _("Contacts"), headings, rows, frozenset({6}), note)] if rows else []


def win_back(reader: Reader, subject: "Subject") -> list[Listing]:
    """Attempts to win the customer back: day, way, offer, who, result."""
    if not reader.may("contact_records"):
        return []
    found = customers.contacts_of(reader.viewer, subject.record_ids, limit=200, until=subject.until)
    tried = [c for c in found if c.purpose == words.WIN_BACK]
    staff = _staff([c.staff_id for c in tried])
    rows = tuple(
        (
            day(c.at),
            str(words.WAYS.get(c.way, c.way)),
            c.offer,
            staff.get(c.staff_id or 0, ""),
            str(words.OUTCOMES.get(c.outcome, c.outcome)),
        )
        for c in tried
    )
    return [_noted(_("Attempts to win back"), (_("Date"), _("Way"), _("Offer"), _("By"), _("Result")), rows)]


def stop_traces(reader: Reader, subject: "Subject") -> list[Listing]:
    """Tracing of the reason for stopping."""
    if not reader.may("leaving_reason"):
        return []
    found = customers.stop_traces(reader.viewer, subject.record_ids)
    staff = _staff([t.staff_id for t in found])
    rows = tuple(
        (day(t.on), t.reason_name, t.words, staff.get(t.staff_id or 0, ""), day(t.review_on))
        for t in found
        if subject.until is None or t.on <= subject.until.date()
    )
    headings = (_("Date"), pgettext("for stopping", "Reason"), _("What was found out"), _("By"), _("Look again on"))
    return [_noted(_("Tracing of the reason for stopping"), headings, rows)]


def cases(reader: Reader, subject: "Subject") -> list[Listing]:
    """After-sale cases that are not closed."""
    if subject.until or not reader.viewer.can("orders.view") or not reader.may("order_number", "refund_amount"):
        return []
    rows = tuple(
        (
            c.number,
            str(shop.words.CASE_KINDS.get(c.kind, c.kind)),
            str(shop.words.CASE_STATES.get(c.status, c.status)),
            c.order_number,
            day(c.opened_at),
            amount(c.amount_cents, c.currency),
        )
        for c in shop.open_cases_of(shop.orders_of(subject.record_ids, limit=200), limit=SHOWN)
    )
    headings = (pgettext("case", "Number"), _("Kind"), _("State"), _("Order number"), _("Opened"), _("Amount"))
    return [Listing(_("Open after-sale cases"), headings, rows, frozenset({5}))] if rows else []


def people(reader: Reader, subject: "Subject") -> list[Listing]:
    """Contact persons, principals, companies above and below."""
    if subject.until or not reader.may("relations", "name"):
        return []
    found = customers.relations(reader.viewer, subject.row.customer_id)
    rows = tuple(
        (p.name or p.number, _relation(p.kind, p.is_above), _roles(p.kind, p.roles), p.position) for p in found[:30]
    )
    return (
        [Listing(_("Linked people and companies"), (_("Name"), _("Link"), _("Role"), _("Position")), rows)]
        if rows
        else []
    )


def evidence(reader: Reader, subject: "Subject", *, limit: int = SHOWN) -> list[Listing]:
    """What is attached to the file: kinds and titles, never what it holds."""
    found = customers.attachments(reader.viewer, subject.record_ids, limit=limit)
    staff = _staff([a.staff_id for a in found])
    rows = tuple(
        (str(words.ATTACHMENTS.get(a.kind, a.kind)), a.title, day(a.at), staff.get(a.staff_id or 0, ""))
        for a in found
        if subject.until is None or a.at <= subject.until
    )
    return [Listing(_("Evidence and attachments"), (_("Kind"), _("Title"), _("Date"), _("By")), rows)] if rows else []


def plan(reader: Reader, subject: "Subject") -> list[Listing]:
    """What is to be done: open entries of worklists, and next steps agreed."""
    if subject.until:
        return []
    rows: list[tuple[str, ...]] = []
    group = customers.group_ids(subject.row.customer_id)
    for shown in work.file_tasks(reader.viewer, "customer", group):
        staff = _staff([shown.task.owner_staff_id])
        rows.append((day(shown.task.due_on), str(shown.label), staff.get(shown.task.owner_staff_id or 0, "")))
    if reader.may("contact_records"):
        found = customers.contacts_of(reader.viewer, subject.record_ids, limit=20)
        ahead = [c for c in found if c.next_step_on and c.next_step_on >= subject.today]
        staff = _staff([c.staff_id for c in ahead])
        rows += [(day(c.next_step_on), _next_step(c.way, c.purpose), staff.get(c.staff_id or 0, "")) for c in ahead]
    return [Listing(_("Contact plan"), (_("Date"), _("What"), _("By")), tuple(sorted(rows)))] if rows else []


def first_next_step(reader: Reader, subject: "Subject") -> dt.date | None:
    """The next day agreed on with the customer."""
    if not reader.may("contact_records"):
        return None
    found = customers.contacts_of(reader.viewer, subject.record_ids, limit=20, until=subject.until)
    return min((c.next_step_on for c in found if c.next_step_on and c.next_step_on >= subject.today), default=None)


def _noted(title: str, headings: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Listing:
    """A list that belongs on its card also while nothing is noted, and says so."""
    return Listing(title, headings, rows, note="" if rows else _("Nothing noted yet."))


def _next_step(way: str, purpose: str) -> str:
    about = str(words.PURPOSES.get(purpose, purpose))
    said = _("Next step after: %(way)s") % {"way": words.WAYS.get(way, way)}
    return f"{said} · {about}" if about else said


def _relation(kind: str, is_above: bool) -> str:
    from zhike.desk.file_parts import code_of_link

    return str(words.LINKS[code_of_link(kind, is_above)])


def _roles(kind: str, roles: Sequence[str]) -> str:
    known = words.ROLES if kind == "contact" else words.OFFICES
    return _(", ").join(str(known.get(role, role)) for role in roles)


def _staff(ids: Sequence[int | None]) -> dict[int, str]:
    wanted = sorted({i for i in ids if i})
    return secure.staff_names(wanted) if wanted else {}

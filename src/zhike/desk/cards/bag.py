"""The bag 档案袋: every document of one customer in order: cards, orders, contracts, contacts, what is attached."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhike.customers import queries as customers
from zhike.customers.records import AttachmentFacts, CustomerHeader
from zhike.desk import words
from zhike.desk.cards import lists
from zhike.desk.cards.building import Subject, card, closed_subject, subject_of
from zhike.desk.cards.reader import Reader, day
from zhike.desk.printing.sheet import Block, Grid, Line, Listing, Sheet
from zhike.shop import queries as shop
from zhike.shop.records import ContractDetail

MOST_ROWS = 2_000  # of one list on paper: more is for an export of the list


@dataclass(frozen=True, slots=True)
class Document:
    """One document of the bag: how its file is called in a folder, and what stands on it."""

    name: str
    sheet: Sheet


def documents(reader: Reader, head: CustomerHeader, groups: tuple[str, ...]) -> Iterator[Document]:
    """The documents of a customer in their order: the card, earlier cards, orders, contracts, contacts."""
    subject = subject_of(reader.viewer, head)
    kind = customers.card_kind_of(head.row.stage)
    yield Document(_("card"), card(reader, subject, kind, groups=groups))
    for facts in customers.old_cards(reader.viewer, head.row.customer_id):
        old = customers.old_card(reader.viewer, head.row.customer_id, facts.public_id)
        if old is not None:
            yield Document(_("earlier card"), card(reader, closed_subject(head, old), facts.kind, groups=groups))
    yield from _list(_("orders"), _("Orders"), lists.orders(reader, subject, limit=MOST_ROWS, title=_("All orders")))
    yield from _contracts(reader, subject)
    yield from _list(
        _("contacts"), _("Contact records"), lists.contacts(reader, subject, limit=MOST_ROWS, title=_("All contacts"))
    )


def attached(reader: Reader, head: CustomerHeader) -> list[AttachmentFacts]:
    """What is attached to the file, as far as the reader may know of it."""
    return customers.attachments(reader.viewer, head.record_ids, limit=200)


def attachments_sheet(found: list[AttachmentFacts], enclosed: dict[str, str]) -> Sheet:
    """The list of attachments; `enclosed` says under which name each lies in the folder, or why it does not."""
    rows = tuple(
        (str(words.ATTACHMENTS.get(a.kind, a.kind)), a.title, day(a.at), enclosed.get(a.public_id, "")) for a in found
    )
    headings = (_("Kind"), _("Title"), _("Date"), _("Enclosed as"))
    return Sheet(_("Attachments"), (), (Listing(_("What is attached to the file"), headings, rows),))


def _list(name: str, title: str, found: list[Listing]) -> Iterator[Document]:
    if found:
        yield Document(name, Sheet(title, (), tuple(found)))


def _contracts(reader: Reader, subject: Subject) -> Iterator[Document]:
    if not lists.contracts(reader, subject):
        return
    for row in shop.contracts_of(reader.viewer, subject.record_ids, limit=100):
        found = shop.contract(reader.viewer, row.public_id)
        if found is not None:
            yield Document(_("contract"), _contract(found))


def _contract(found: ContractDetail) -> Sheet:
    row = found.row
    head = (
        Line(pgettext("contract", "Number"), row.number),
        Line(_("State"), str(shop.contract_words.STATES.get(row.state, row.state))),
        Line(_("From"), day(row.starts_on)),
        Line(_("Until"), day(row.ends_on) or _("open-ended")),
        Line(_("Signed on"), day(row.signed_on)),
        Line(_("Volume"), lists.amount(row.volume_cents, row.currency)),
        Line(_("Subject"), found.subject, is_wide=True),
        Line(_("Terms of payment"), found.payment_terms, is_wide=True),
        Line(_("Terms of volume"), found.volume_terms, is_wide=True),
    )
    return Sheet(_("Contract: %(title)s") % {"title": row.title}, head, tuple(_terms(found)))


def _terms(found: ContractDetail) -> list[Block]:
    """Prices, clauses, disputes, and what was bought under the contract."""
    blocks: list[Block] = []
    rows: tuple[tuple[str, ...], ...]
    if found.prices:
        rows = tuple(
            (str(p["sku"]), str(p["title"]), str(p["from_quantity"]), str(p["unit_price"])) for p in found.prices
        )
        headings: tuple[str, ...] = (_("SKU"), _("Article"), _("From pieces"), _("Unit price"))
        blocks.append(Listing(_("Agreed prices"), headings, rows, frozenset({2, 3})))
    if found.clauses:
        said = shop.contract_words
        rows = tuple(
            (
                str(said.SIDES.get(c["whose"], "")),
                c["text"],
                day(c["due_on"]),
                str(said.PERFORMANCES.get(c["performance"], "")),
            )
            for c in found.clauses
        )
        headings = (_("Whose duty"), _("Clause"), _("Due on"), _("Performance"))
        blocks.append(Listing(_("Clauses and performance"), headings, rows))
    if found.disputes:
        rows = tuple(
            (day(d["at"]), str(d["claim"]), str(shop.contract_words.DISPUTES.get(d["state"], d["state"])))
            for d in found.disputes
        )
        blocks.append(Listing(_("Disputes"), (_("Date"), _("Claim"), _("State")), rows))
    if found.bought_cents is not None:
        blocks.append(
            Grid(
                _("Bought under the contract"),
                (Line(_("Net amount"), lists.amount(found.bought_cents, found.row.currency)),),
            )
        )
    return blocks

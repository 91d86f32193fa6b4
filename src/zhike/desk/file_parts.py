"""The right pane of a file: who is linked to it, and what is attached."""

from typing import Any

from zhike.credit import queries as credit
from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader, LinkedParty
from zhike.desk import words
from zhike.desk.cards import layout as card_layout
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

ATTACHED_SHOWN = 8
OLD_SHOWN = 6
# What the form offers: code → (kind of the link, whether the other stands above).
OFFERS = {
    "parent": ("parent", True),
    "branch": ("parent", False),
    "dealer": ("dealer", True),
    "buys_through": ("dealer", False),
    "contact": ("contact", False),
    "works_for": ("contact", True),
    "principal": ("principal", False),
    "leads": ("principal", True),
}
_ABOVE = {(kind, is_above): code for code, (kind, is_above) in OFFERS.items()}
# What the other end of a new link is: a person's file offers companies, a company's both.
_OFFERED = {
    "person": ("works_for", "leads", "dealer"),
    "organisation": ("contact", "principal", "parent", "branch", "dealer", "buys_through"),
}


def parts_context(viewer: Viewer, head: CustomerHeader) -> dict[str, Any]:
    """What the templates of links and attachments need."""
    may_edit = viewer.can("customers.edit")
    linked = customers.relations(viewer, head.row.customer_id)
    return {
        "sees_links": secure.sight(viewer, "relations") != "hidden",
        "linked": [(party, _ABOVE[party.kind, party.is_above], _roles(party)) for party in linked],
        "above": customers.companies_above(viewer, head.row.customer_id) if head.row.kind == "organisation" else [],
        "link_offers": [(code, words.LINKS[code]) for code in _OFFERED[head.row.kind]],
        "link_words": words.LINKS,
        "buying_roles": words.ROLES,
        "offices": words.OFFICES,
        "attached": customers.attachments(viewer, head.record_ids, limit=ATTACHED_SHOWN),
        "attached_shown": ATTACHED_SHOWN,
        "attachment_kinds": [(kind, words.ATTACHMENTS[kind]) for kind in customers.kinds_added(viewer)],
        "attachment_words": words.ATTACHMENTS,
        "purposes": secure.purposes(),
        "may_link": may_edit,
    }


def card_context(viewer: Viewer, head: CustomerHeader) -> dict[str, Any]:
    """What the pane of cards and paper needs."""
    return {
        "card_kind": customers.card_kind_of(head.row.stage),
        "card_words": card_layout.SHORT,
        "old_cards": customers.old_cards(viewer, head.row.customer_id, limit=OLD_SHOWN),
        "sees_paper": customers.sees_paper(viewer),
        "paper": customers.paper_of(viewer, head.row.customer_id),
        "may_place": viewer.can("customers.edit") and secure.may_edit(viewer, "paper_place"),
        "may_print": viewer.can("customers.export"),
    }


def credit_context(viewer: Viewer, head: CustomerHeader) -> dict[str, Any]:
    """What the pane of figures and credit needs; nothing where there is nothing, so that the pane stays away."""
    found = credit.standing(viewer, head.row.customer_id)
    told = credit.told_in_short(viewer, head.record_ids) if head.row.kind == "organisation" else None
    is_known = found is not None and (head.row.kind == "organisation" or found.band or found.owed_cents)
    return {
        "credit": found if is_known else None,
        "sees_statements": credit.sees_statements(viewer),
        "figures_told": told,
    }


def code_of_link(kind: str, is_above: bool) -> str:
    """What the other end of a link is to the file, as `words.LINKS` names it."""
    return _ABOVE[kind, is_above]


def _roles(party: LinkedParty) -> list[Any]:
    known = words.ROLES if party.kind == "contact" else words.OFFICES
    return [known.get(role, role) for role in party.roles]

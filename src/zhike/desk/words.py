"""Codes of the domain in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

KINDS: Words = {"person": _("Person"), "organisation": _("Organization")}
STAGES: Words = {
    "target_market": _("Target market"),
    "potential": _("Potential"),
    "target": _("Target"),
    "current": _("Current"),
    "former": _("Former"),
}
RFM_CLASSES: Words = {
    "important_value": _("Important, valuable"),
    "important_develop": _("Important, to develop"),
    "important_keep": _("Important, to keep"),
    "important_win_back": _("Important, to win back"),
    "general_value": _("General, valuable"),
    "general_develop": _("General, to develop"),
    "general_keep": _("General, to keep"),
    "general_win_back": _("General, to win back"),
}
SEXES: Words = {"male": _("Male"), "female": _("Female")}
WAYS: Words = {
    "call": _("Call"),
    "visit": _("Visit"),
    "chat": _("Chat"),
    "mail": _("E-mail"),
    "message": _("Message"),
    "meeting": _("Meeting"),
    "event": _("Event"),
    "gift": _("Gift"),
    "list": _("Worklist"),
}
OUTCOMES: Words = {
    "done": _("Done"),
    "not_now": _("Not now"),
    "wrong": _("Wrong"),
    "reached": _("Reached"),
    "not_reached": _("Not reached"),
}
WHY_WON: Words = {
    "won": _("Shown on the file"),
    "house": _("Entered by staff, which stands above what sources say"),
    "own": _("The buyer's own word stands above what an order says of a receiver"),
    "trust": _("Its source is trusted less"),
    "older": _("An older statement"),
    "same": _("Says the same"),
    "tie": _("Same moment and trust: the later statement stands"),
}
LIST_KINDS: Words = {
    "gone_quiet": _("Gone quiet"),
    "big_first_buyer": _("Large first buyers"),
    "lost_high_value": _("High value lost"),
}
TIMELINE_KINDS: Words = {
    "order": _("Orders"),
    "contact": _("Contacts"),
    "edit": _("Edits"),
    "statement": _("Sources"),
}

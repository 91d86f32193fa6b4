"""Codes of the domain in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

KINDS: Words = {"person": _("Person"), "organisation": _("Organization")}
STAGES: Words = {
    "target_market": pgettext_lazy("stage", "Target market"),
    "potential": pgettext_lazy("stage", "Potential"),
    "target": pgettext_lazy("stage", "Target"),
    "current": pgettext_lazy("stage", "Current"),
    "former": pgettext_lazy("stage", "Former"),
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
    "call": pgettext_lazy("way", "Call"),
    "visit": pgettext_lazy("way", "Visit"),
    "chat": pgettext_lazy("way", "Chat"),
    "mail": pgettext_lazy("way", "E-mail"),
    "message": pgettext_lazy("way", "Message"),
    "meeting": pgettext_lazy("way", "Meeting"),
    "event": pgettext_lazy("way", "Event"),
    "gift": pgettext_lazy("way", "Gift"),
    "list": pgettext_lazy("way", "Worklist"),
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
HEALTH: Words = {
    "worker": _("Background work"),
    "disk": _("Disk"),
    "backup_proven": _("Backup"),
    "keyring_copied": _("Copy of the keys"),
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

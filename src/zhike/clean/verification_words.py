"""Codes of verification in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, Promise]

STATES: Words = {
    "unverified": _("Not verified"),
    "format_valid": _("Well formed"),
    "corroborated": _("Independent sources agree"),
    "confirmed": _("Confirmed by contact"),
    "refuted": _("Found wrong"),
}
TONES = {"confirmed": "good", "corroborated": "info", "refuted": "bad"}
STATE_ICONS = {
    "unverified": "circle-dotted",
    "format_valid": "circle-dashed",
    "corroborated": "versions",
    "confirmed": "circle-check",
    "refuted": "circle-x",
}
WAYS: Words = {
    "call": _("By telephone"),
    "visit": _("On a visit"),
    "document": _("By a document"),
    "code": _("By a code sent"),
}
WHO: Words = {
    "key": _("Key customers (class A)"),
    "recent": _("Large recent buyers"),
    "old": _("Values stated long ago"),
}
REFUSALS: Words = {
    "changed": _("Somebody was faster: the values changed meanwhile. Look at them again; nothing was kept."),
    "nothing": _("Say of at least one value whether it is right, or enter the right one."),
    "way": _("Choose how you found out."),
    "note_too_long": _("The note is too long."),
    "same_as_wrong": _("The value you entered is one you marked as wrong."),
    "unknown": _("This finding was taken back already."),
    "who": _("Choose whom to ask."),
    "field": _("Choose the field to verify."),
    "numbers": _("Days and numbers must be whole, at most 500 tasks a rule."),
    "known_already": _("There is a rule of this sort for this field already: change that one."),
    "unchanged": _("The value you entered is already there: mark it as right instead."),
}

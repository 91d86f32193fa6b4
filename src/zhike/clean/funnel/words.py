"""Codes of the funnel in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

STAGES: Words = {
    "target_market": pgettext_lazy("stage", "Target market"),
    "potential": pgettext_lazy("stage", "Potential"),
    "target": pgettext_lazy("stage", "Target"),
    "current": pgettext_lazy("stage", "Current"),
    "former": pgettext_lazy("stage", "Former"),
}
CLASSES: Words = {
    "a": _("Class A: strong means"),
    "b": _("Class B: weak means"),
    "c": _("Class C: no means for now"),
    "": _("Means unknown"),
}
STEPS: Words = {
    "find": pgettext_lazy("step before a sale", "Find"),
    "talk": pgettext_lazy("step before a sale", "Talk"),
    "follow": pgettext_lazy("step before a sale", "Follow up"),
    "understand": pgettext_lazy("step before a sale", "Understand"),
    "relate": pgettext_lazy("step before a sale", "Build the relation"),
}
WHYS: Words = {
    "hand": _("staff moved them"),
    "rule": _("by a rule"),
    "order": _("ordered again"),
    "begun": _("file begun here"),
    "before": _("set before moves were kept"),
}
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
MODES: Words = {"propose": _("Proposes; somebody carries it out"), "move": _("Moves by itself each night")}
RUN_STATES: Words = {
    "asked": _("Looking"),
    "found": _("Waits for somebody to carry it out"),
    "moving": _("Under way"),
    "done": _("Carried out"),
    "undoing": _("Being taken back"),
    "undone": _("Taken back"),
    "failed": _("Failed"),
}
RUN_TONES = {
    "asked": "info",
    "found": "warn",
    "moving": "info",
    "done": "good",
    "undoing": "info",
    "undone": "neutral",
    "failed": "bad",
}
INTENTIONS: Words = {"strong": _("Strong"), "weak": _("Weak"), "none": pgettext_lazy("intention", "None")}
POWERS: Words = {"strong": _("Strong means"), "weak": _("Weak means"), "none": _("No means for now")}
REFUSALS: Words = {
    "name_missing": _("Give it a name."),
    "name_long": _("The name is too long (at most 60 characters)."),
    "stages": _("Choose two different stages."),
    "segment": _("Choose a segment you may see."),
    "reason": _("Choose a reason from the list."),
    "mode": _("Choose what the rule does."),
    "points": _("Points are a whole number between −1000 and 1000, and not 0."),
    "act": _("Say for which way, result or step there are points."),
    "too_many": _("There are too many already; put some away first."),
    "words_long": _("A text is too long (at most 2,000 characters)."),
    "demand": _("The demand is a whole number."),
    "changed_meanwhile": _("Somebody changed this line meanwhile. Look at it anew and change it again."),
    "unknown": _("This is not there any more."),
    "not_ready": _("This run is not in a state that allows it."),
    "empty": _("Give the reason a name."),
    "too_long": _("The reason is too long (at most 60 characters)."),
    "taken": _("There is such a reason already."),
}
NUMBERS: Words = {
    "fit_cap": _("Fit counts at most"),
    "behavior_cap": _("Behavior counts at most"),
    "half_life_days": _("Points of behavior halve every … days"),
    "qualified_fit": _("Qualified from this fit on"),
    "qualified_behavior": _("and from this behavior on"),
    "chance_target_market": _("Chance of an amount expected in the target market, in percent"),
    "chance_potential": _("Chance of an amount expected of a potential customer, in percent"),
    "chance_target": _("Chance of an amount expected of a target customer, in percent"),
    "alone_potential_days": _("A potential customer is left alone after … days"),
    "alone_target_days": _("A target customer is left alone after … days"),
}

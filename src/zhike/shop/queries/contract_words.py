"""Codes of contracts in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

STATES: Words = {
    "draft": pgettext_lazy("contract", "Draft"),
    "active": pgettext_lazy("contract", "In force"),
    "ended": pgettext_lazy("contract", "Ended"),
    "terminated": pgettext_lazy("contract", "Terminated"),
}
TONES = {"active": "good", "draft": "info", "terminated": "warn"}
VIEWS: Words = {
    "soon": _("Ending soon"),
    "active": pgettext_lazy("contract", "In force"),
    "draft": _("Drafts"),
    "over": _("Over"),
}
PERFORMANCES: Words = {
    "open": pgettext_lazy("clause", "Open"),
    "kept": pgettext_lazy("clause", "Kept"),
    "late": pgettext_lazy("clause", "Late"),
    "broken": pgettext_lazy("clause", "Broken"),
}
PERFORMANCE_TONES = {"kept": "good", "late": "warn", "broken": "bad"}
DISPUTES: Words = {
    "open": pgettext_lazy("dispute", "Open"),
    "settled": pgettext_lazy("dispute", "Settled"),
    "won": pgettext_lazy("dispute", "Decided for us"),
    "lost": pgettext_lazy("dispute", "Decided for them"),
}
SIDES: Words = {"ours": _("Our duty"), "theirs": _("Their duty")}
_REFUSALS: Words = {
    "title": _("The contract needs a title."),
    "dates": _("The last day lies before the first, or a day is none."),
    "state": _("One of the values is not allowed."),
    "identifier": _(
        "A phone, e-mail or card number stands in this text. Enter it on the customer's file, where it is sealed."
    ),
    "price": _("An article and a price are needed; write the price as 12.50."),
    "clause": _("Say in words what was promised or claimed."),
    "many": _("A contract holds at most 100 of these."),
}


def refusal(code: str) -> str:
    """Why something cannot stand in a contract."""
    return str(_REFUSALS.get(code, _REFUSALS["state"]))

"""Groups of the file, in the order in which they stand there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: dict[str, Promise] = {
    "self": _("Self"),
    "basics": _("Company basics"),
    "contact": _("Contact"),
    "address": _("Address"),
    "accounts": _("Accounts"),
    "standing": _("Relation to us"),
    "family": _("Family"),
    "career": _("Career"),
    "personality": _("Personality"),
    "life": _("Life and interests"),
    "education": _("Education"),
    "beliefs": _("Attitudes"),
    "motives": _("Motives for buying"),
    "bought": _("Kinds bought"),
    "ways": _("Ways of buying"),
    "state": _("State of business"),
    "setting": _("Surroundings"),
    "trading": _("State of trading"),
    "trade": _("Trade with us"),
    "practice": _("Trade practice"),
    "rivals": _("Competitors around it"),
    "leaving": _("Leaving and feedback"),
    "other": _("Other"),
    "custom": _("Own fields"),
}


def group_label(code: str) -> Promise | str:
    """The name of a group; a code nobody knows stands for itself."""
    return GROUPS.get(code, code)

"""Codes of refused values in words, for answers to programs."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_CODES: dict[str, Promise] = {
    "code_taken": _("This code is taken."),
    "basis_missing": _("A legal basis is needed."),
    "trust_out_of_range": _("Trust is a grade from 1 to 5."),
    "name_missing": _("A name is needed."),
    "house": _("The house source is not changed."),
    "source_unknown": _("There is no such source."),
    "source_archived": _("This source is closed to new data."),
    "key.blank": _("The key is blank."),
    "key.masked": _("The platform has masked this value (*)."),
    "text.masked": _("The platform has masked this value (*)."),
    "text.too_long": _("The text is too long."),
    "empty": _("A name is needed."),
    "too_long": _("The text is too long."),
    "unchanged": _("This is what stands there already."),
}
_FAMILIES: dict[str, Promise] = {
    "phone": _("This is not a phone number."),
    "email": _("This is not an e-mail address."),
    "moment": _("This is not a date."),
    "code": _("This code is not valid."),
}


def value_words(code: str) -> str:
    """Why a value was refused, in the reader's language."""
    words = _CODES.get(code) or _FAMILIES.get(code.partition(".")[0])
    return str(words) if words else gettext("This value cannot be used (%(code)s).") % {"code": code}

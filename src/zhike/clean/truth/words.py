"""Truth checks in words: outcomes, signs, refusals, what to ask."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

Words = dict[str, Promise]
OUTCOMES: Words = {
    "true": pgettext_lazy("record", "True"),
    "differs": pgettext_lazy("record", "Differs"),
    "invented": pgettext_lazy("record", "Invented"),
    "not_reached": pgettext_lazy("record", "Not reached"),
}
TONES = {"true": "good", "differs": "warn", "invented": "bad", "not_reached": "neutral"}
WHY: Words = {
    "usual": _("usual share"),
    "new": _("new: too few answers yet"),
    "doubtful": _("doubtful: too few were true"),
}
SIGNS: Words = {
    "pace": _("Impossible pace"),
    "phone_pattern": _("Made-up looking phones"),
    "phone_block": _("Phones of one block"),
    "same_contents": _("Same contents again"),
    "round_hours": _("Round hours"),
    "all_equal": _("All answers equal"),
}
REFUSALS: Words = {
    "gone": _("The file is no longer there."),
    "noted": _("Somebody was faster: this was noted already."),
    "own": _("You collected this yourself: somebody else has to call."),
    "outcome": _("Choose what came of it."),
    "wrong": _("Mark what differs if something does, and nothing if all is as entered."),
    "note_too_long": _("The note is too long."),
    "numbers": _("Give shares from 0 to 100 percent and at least one day."),
}


def sign(viewer: Viewer, code: str, params: Mapping[str, Any]) -> str:
    """A sign in one sentence, with its counts."""
    count = int(params.get("count", 0))
    said = {
        "pace": ngettext(
            "%(count)s record within %(minutes)s minutes.", "%(count)s records within %(minutes)s minutes.", count
        ),
        "phone_pattern": ngettext(
            "%(count)s phone repeats one digit or counts up or down.",
            "%(count)s phones repeat one digit or count up or down.",
            count,
        ),
        "phone_block": ngettext(
            "%(count)s phone of one block of a thousand numbers.",
            "%(count)s phones of one block of a thousand numbers.",
            count,
        ),
        "same_contents": ngettext(
            "%(count)s record says the same in all %(fields)s fields.",
            "%(count)s records say the same in all %(fields)s fields.",
            count,
        ),
        "round_hours": ngettext(
            "%(count)s of %(of)s records was noted on the very hour or half hour.",
            "%(count)s of %(of)s records were noted on the very hour or half hour.",
            count,
        ),
        "all_equal": ngettext(
            "%(count)s record, and one and the same answer to “%(field)s”.",
            "%(count)s records, and one and the same answer to “%(field)s”.",
            count,
        ),
    }
    if code not in said:
        return code
    return said[code] % {**params, "field": field_name(viewer, str(params.get("field", "")))}


def field_name(viewer: Viewer, name: str) -> str:
    """A field's name; that a hidden field is known is not told."""
    if not fields.known(name) or secure.sight(viewer, name) == "hidden":
        return gettext("a value you may not see")
    return str(fields.field(name).label)


def visible(viewer: Viewer, names: list[str]) -> list[str]:
    """Of these fields those the viewer may know of."""
    return [n for n in names if fields.known(n) and secure.sight(viewer, n) != "hidden"]

"""Codes of the tasks in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhike.secure import cutting

Words = dict[str, Promise]

HIDDEN: Words = {
    "phone": _("phone not kept"),
    "email": _("e-mail not kept"),
    "wechat": _("WeChat not kept"),
    "id_number": _("ID number not kept"),
    "bank_card": _("card number not kept"),
}
TABS: Words = {"mine": _("My tasks"), "queue": _("Nobody's yet"), "all": _("Everybody's")}
DUES: Words = {
    "overdue": _("Overdue"),
    "today": _("Due today or before"),
    "week": _("Due within a week"),
    "none": _("Without a day"),
}
STATES: Words = {"put_off": _("Put off"), "closed": pgettext_lazy("task", "Closed")}
PRIORITIES: dict[int, Promise] = {1: _("Urgent"), 2: _("Normal"), 3: _("Can wait")}
PRIORITY_TONES = {1: "bad", 2: "neutral", 3: "neutral"}
CLOSED: Words = {"done": _("Done"), "not_now": _("Not now"), "wrong": _("Not needed")}


def readable(text: str) -> str:
    """What a person wrote, for a reader: what was cut out of it is named by its kind."""
    return cutting.words(text, {kind: str(label) for kind, label in HIDDEN.items()})


REFUSALS: Words = {
    "unknown_task": _("There is no such open task any more; a colleague may have closed it."),
    "closed_already": _("A colleague has already closed this one."),
    "unknown_outcome": _("Choose what came of it."),
    "done_elsewhere": _("This task is closed where it is done: open it there."),
    "note_too_long": _("The note is too long: 4,000 characters at most."),
    "nobody_there": _("This person cannot see tasks; give it to somebody else."),
    "past": _("Choose a day after today and within a year."),
    "many": _("At most 200 tasks at once."),
    "no_words": _("Say what is to be done."),
    "words_too_long": _("What is to be done is too long: 400 characters at most."),
    "day_gone": _("Choose today or a day within a year."),
    "unknown_queue": _("There is no such queue."),
    "unknown_about": _("No customer of this number is in your sight."),
}

"""What is said of dashboards and their reports: refusals, rhythms, states of mails."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze.boards.times import Rhythm
from zhike.reach.queries import words as mail_words

REFUSALS = {
    "name_missing": gettext_lazy("Give the dashboard a name."),
    "name_long": gettext_lazy("The name of a dashboard has at most 60 characters."),
    "name_taken": gettext_lazy("You have a dashboard of this name already."),
    "too_many": gettext_lazy("You have 30 dashboards; remove one first."),
    "too_many_tiles": gettext_lazy("A dashboard has at most 24 tiles; remove one first."),
    "tile": gettext_lazy("This tile cannot be chosen."),
    "sharing": gettext_lazy("Choose who sees the dashboard."),
}
RHYTHMS = {
    "day": gettext_lazy("Every day"), "week": gettext_lazy("Every week"), "month": gettext_lazy("Every month"),
}  # fmt: skip
STATES = {
    "waiting": (gettext_lazy("Waiting"), "info"),
    "sending": (gettext_lazy("On its way"), "info"),
    "sent": (gettext_lazy("Sent"), "good"),
    "skipped": (gettext_lazy("Not sent"), "warn"),
    "failed": (gettext_lazy("Failed"), "bad"),
    "unknown": (gettext_lazy("Unknown"), "warn"),
}
WHY = {
    "disabled": gettext_lazy("This colleague no longer works here, or has no role."),
    "no_right": gettext_lazy("Their role may not see analyses, or may not take figures out."),
    "not_shared": gettext_lazy("The dashboard is not shared with them."),
    "no_address": gettext_lazy("There is no address to write to."),
    "sending_off": gettext_lazy("Sending is switched off."),
    "not_back": gettext_lazy("The machine stopped while it was handed over. Nobody knows whether it arrived."),
    "gave_up": gettext_lazy("The mail server did not take it after several tries."),
    "fonts_missing": gettext_lazy("The fonts for printing are not there. Whoever runs the machine builds them anew."),
    "too_slow": gettext_lazy("Setting the PDF took too long."),
    "refused": gettext_lazy("The PDF could not be set."),
}
REPORT_REFUSALS = {
    "rhythm": gettext_lazy("Say how often, on which day and at which hour."),
    "recipients": gettext_lazy("Choose at least one colleague who may get this dashboard."),
    "too_many": gettext_lazy("A dashboard has at most 10 reports; end one first."),
}


def rhythm_text(rhythm: Rhythm) -> str:
    """When a report goes out, as people say it."""
    at = f"{rhythm.hour:02d}:00"
    if rhythm.every == "week":
        return _("Every %(weekday)s at %(at)s") % {"weekday": WEEKDAYS[rhythm.on_day], "at": at}
    if rhythm.every == "month":
        return _("Every month on day %(day)s at %(at)s") % {"day": rhythm.on_day, "at": at}
    return _("Every day at %(at)s") % {"at": at}


def why_text(code: str) -> str:
    """Why a mail was not sent, or waits; what a gateway answered is told in the words of the outbox."""
    if not code:
        return ""
    return str(WHY[code]) if code in WHY else mail_words.why(code)

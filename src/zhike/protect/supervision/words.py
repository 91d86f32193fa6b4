"""Supervision in words: outcomes, refusals, why a task is there."""

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

OUTCOMES: dict[str, Promise] = {
    "founded": pgettext_lazy("disclosure", "In order"),
    "unfounded": pgettext_lazy("disclosure", "No reason shown"),
    "breach": pgettext_lazy("disclosure", "Breach"),
}
TONES = {"founded": "good", "unfounded": "warn", "breach": "bad"}
REFUSALS: dict[str, Promise] = {
    "gone": _("There is no such review for you."),
    "noted": _("Somebody was faster: this was noted already."),
    "own": _("You looked yourself: somebody else has to judge it."),
    "outcome": _("Choose what came of it."),
    "words": _("Say it in words."),
    "too_long": _("At most 1,000 characters."),
    "numbers": _("Give shares from 0 to 100 percent, 1 to 500 looks of each person and 1 to 365 days."),
}


def why(viewer: object, task: object) -> str:
    """Why a review is among the tasks."""
    return now("Drawn by chance from what was seen: judge whether there was a reason.")


def question(viewer: object, task: object) -> str:
    """Why a question is among somebody's tasks."""
    return now("A colleague asks what you looked this up for.")


def headline(name: str, at: object) -> str:
    """A review in a line: who looked, on which day."""
    return f"{name} · {timezone.localtime(at):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]

"""What the pages of segments show: lines of the list, growth as a chart, answers and refusals in words."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhike.analyze import words
from zhike.analyze.segments import differences
from zhike.customers.actions.segments import SegmentRefused
from zhike.customers.queries.segments import SegmentFacts, SegmentRunFacts, newest_runs
from zhike.customers.queries.segments import words as rule_words
from zhike.kit.installation import installation
from zhike.secure.records import Viewer
from zhike.ui.figures import number

SHARINGS = {"own": gettext_lazy("Only me"), "team": gettext_lazy("My team"), "all": gettext_lazy("All colleagues")}
_REFUSALS = {
    "name_missing": gettext_lazy("Give the segment a name."),
    "name_long": gettext_lazy("The name of a segment has at most 60 characters."),
    "name_taken": gettext_lazy("There is a segment of this name already."),
    "too_many": gettext_lazy("There are 500 segments; remove one first."),
    "sharing": gettext_lazy("Choose who sees the segment."),
    "changed_meanwhile": gettext_lazy(
        "Somebody else changed this segment meanwhile. Open it again and make your change there."
    ),
    "in_use": gettext_lazy("Other segments are built on this one: %(names)s. Change them first."),
    "unknown": gettext_lazy("There is no such segment."),
}
_ANSWERS = {
    "lake_empty": gettext_lazy("Nothing has been read for analysis yet; it is being read now."),
    "count_failed": gettext_lazy("The count did not succeed. Try again; the log says why."),
}


def refusal(refused: SegmentRefused) -> str:
    """Why a segment was not kept, in words."""
    return str(_REFUSALS[refused.code]) % refused.params


def lines(viewer: Viewer, found: Sequence[SegmentFacts]) -> list[dict[str, Any]]:
    """Segments in the list, each with its newest growth."""
    newest = newest_runs(viewer, found)
    return [_line(facts, newest.get(facts.id)) for facts in found]


def _line(facts: SegmentFacts, newest: SegmentRunFacts | None) -> dict[str, Any]:
    return {
        "segment": facts,
        "url": reverse("analyze:segment", args=[facts.public_id]),
        "members_url": f"{reverse('desk:register')}?segment={facts.public_id}",
        "share": facts.member_count / facts.base_count if facts.base_count else None,
        "came": newest.came_count if newest else None,
        "left": newest.left_count if newest else None,
    }


def runs(facts: SegmentFacts, found: Sequence[SegmentRunFacts]) -> list[dict[str, Any]]:
    """The counts of a segment, newest first, each with the addresses of who came and left since the one before."""
    told = []
    for newer, older in zip(found, [*found[1:], None][: len(found)], strict=True):
        both = older is not None and differences.has_ids(facts.public_id, newer.public_id)
        both = both and older is not None and differences.has_ids(facts.public_id, older.public_id)
        pair = [facts.public_id, older.public_id if older else "", newer.public_id]
        urls = {w: reverse("analyze:segment_difference", args=[*pair, w]) if both else "" for w in ("came", "left")}
        told.append({"run": newer, "came_url": urls["came"], "left_url": urls["left"], "is_first": older is None})
    return told


def growth(found: Sequence[SegmentRunFacts]) -> dict[str, Any] | None:
    """Size over time: the last count of each day, as a chart with its table; None before there are two days."""
    days: dict[dt.date, int] = {run.as_of: run.member_count for run in reversed(found)}
    if len(days) < 2:
        return None
    labels, values = [day.isoformat() for day in days], list(days.values())
    series = [{"name": _("Customers"), "values": values}]
    spec = {"kind": "line", "title": _("Size over time"), "labels": labels, "series": series, "area": True}
    rows = [[label, number(value)] for label, value in zip(labels, values, strict=True)]
    return {"spec": spec, "table": {"head": [_("Day"), _("Customers")], "rows": rows}}


def answer(asked_number: int, told: dict[str, Any] | None) -> dict[str, Any]:
    """What the count's fragment shows."""
    if told is None:
        return {"number": asked_number}
    if "error" in told:
        said = _ANSWERS.get(told["error"])
        return {"wrong": str(said) if said else _("The rule cannot be counted.")}
    base = told["base"]
    read_at = dt.datetime.fromisoformat(told["read_at"])
    return {"told": told, "share": told["members"] / base if base else None, "read_at": read_at}


def labels() -> dict[str, Any]:
    """Codes in words, for lists of customers."""
    return {"classes": words.CLASSES, "currency": installation().currency, "joints": rule_words.JOINTS}

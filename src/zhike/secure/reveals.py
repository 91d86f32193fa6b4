"""The page behind every reveal: the form that asks why, the refusal, or the value for thirty seconds."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from zhike.secure import actions, fields, queries
from zhike.secure.opened import Opened
from zhike.secure.permissions import Forbidden


def answer(
    request: HttpRequest, field: str, opened: Callable[[str, str], Opened], *, who: str, label: str = ""
) -> HttpResponse:
    """GET shows the form; POST calls `opened(purpose, reason)` and shows its value once. Never kept in any cache.

    `who` names the file or order for the reader: a number, never a person. `label` stands for the field's own.
    """
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "label": label or fields.field(field).label,
        "action": request.path,
        "who": who,
        "purposes": queries.purposes(),
        "left": actions.reveals_left(viewer),
        "may": queries.may_reveal(viewer, field),
        "given": request.POST,
    }
    if request.method == "POST":
        try:
            value = opened(request.POST.get("purpose", ""), request.POST.get("reason", "")[:400])
            context |= {"value": fields.words(fields.field(field), value.plain()), "may": True}
        except actions.ReasonMissing:
            context["problem"] = _("Choose a purpose; for “Other” say in words what you need it for.")
        except actions.QuotaExceeded as refusal:
            at = f"{timezone.localtime(refusal.retry_at):%H:%M}"
            text = _(
                "You have seen %(limit)s values within an hour, which is your limit. The next one is free at %(at)s."
            )
            context |= {"problem": text % {"limit": refusal.limit, "at": at}, "left": 0}
        except Forbidden:
            context["may"] = False
    page = render(request, "secure/reveal.html", context)
    page["Cache-Control"] = "no-store"
    page["Referrer-Policy"] = "no-referrer"
    return page

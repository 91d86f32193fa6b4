"""Seeing a masked value: reason, quota, audit, thirty seconds."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.desk.views.file import head_of
from zhike.secure import actions as secure_do
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.opened import Opened
from zhike.secure.permissions import Forbidden, needs


@needs("customers.view")
@require_http_methods(["GET", "POST"])
def customer(request: HttpRequest, public_id: str, field: str) -> HttpResponse:
    """A value of a customer's file."""
    viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    value = customers.field_value(viewer, head.row.customer_id, field)
    if value is None or not value.is_known or not value.is_sealed:
        raise Http404

    def opened(purpose: str, reason: str) -> Opened:
        return do.reveal_field(head.row.customer_id, field, by=viewer, purpose=purpose, reason=reason)

    return answer(request, field, opened, action=reverse("desk:reveal", args=[head.row.public_id, field]), who=head.row.number)


def answer(
    request: HttpRequest, field: str, opened: Callable[[str, str], Opened], *, action: str, who: str
) -> HttpResponse:
    """The form that asks why, the refusal, or the value; never cached anywhere."""
    viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "field": fields.field(field),
        "action": action,
        "who": who,
        "purposes": secure.purposes(),
        "left": secure_do.reveals_left(viewer),
        "may": secure.may_reveal(viewer, field),
        "given": request.POST,
    }
    if request.method == "POST":
        try:
            value = opened(request.POST.get("purpose", ""), request.POST.get("reason", "")[:400])
            context |= {"value": value.plain(), "may": True}
        except secure_do.ReasonMissing:
            context["problem"] = _("Choose a purpose; for “Other” say in words what you need it for.")
        except secure_do.QuotaExceeded as refusal:
            at = f"{timezone.localtime(refusal.retry_at):%H:%M}"
            text = _("You have seen %(limit)s values within an hour, which is your limit. The next one is free at %(at)s.")
            context |= {"problem": text % {"limit": refusal.limit, "at": at}, "left": 0}
        except Forbidden:
            context |= {"may": False}
    page = render(request, "desk/reveal.html", context)
    page["Cache-Control"] = "no-store"
    page["Referrer-Policy"] = "no-referrer"
    return page

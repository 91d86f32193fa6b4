"""Seeing a masked value of a file: reason, quota, audit, thirty seconds."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.desk.views.file import head_of
from zhike.secure.consents import ConsentRefused
from zhike.secure.opened import Opened
from zhike.secure.permissions import needs
from zhike.secure.reveals import answer


@needs("customers.view")
@require_http_methods(["GET", "POST"])
def customer(request: HttpRequest, public_id: str, field: str) -> HttpResponse:
    """A value of a customer's file."""
    viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    value = customers.field_value(viewer, head.row.customer_id, field)
    if value is None or not value.is_known or value.sight != "masked":
        raise Http404

    def opened(purpose: str, reason: str) -> Opened:
        return do.reveal_field(head.row.customer_id, field, by=viewer, purpose=purpose, reason=reason)

    return answer(request, field, opened, who=head.row.number)


@needs("customers.view")
@require_http_methods(["GET", "POST"])
def cutting(request: HttpRequest, public_id: str, contact_id: int, name: str) -> HttpResponse:
    """A phone or the like that somebody wrote into a note: sealed apart, seen like any sealed value."""
    viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    found = customers.cutting_of(viewer, head.row.customer_id, contact_id, name)
    if found is None:
        raise Http404

    def opened(purpose: str, reason: str) -> Opened:
        return do.reveal_cutting(head.row.customer_id, contact_id, name, by=viewer, purpose=purpose, reason=reason)

    return answer(request, found.field, opened, who=head.row.number, label=found.label)


@needs("consents.view")
@require_http_methods(["GET", "POST"])
def consent_evidence(request: HttpRequest, public_id: str, consent_id: int) -> HttpResponse:
    """The words that prove what a customer answered."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.can("customers.view"):
        raise Http404
    head = head_of(viewer, public_id)
    told = customers.consents_of(viewer, head.row.customer_id).history
    if not any(answered.id == consent_id and answered.has_evidence for answered in told):
        raise Http404

    def opened(purpose: str, reason: str) -> Opened:
        try:
            return do.reveal_evidence(head.row.customer_id, consent_id, by=viewer, purpose=purpose, reason=reason)
        except ConsentRefused:
            raise Http404 from None

    return answer(request, "consent_evidence", opened, who=head.row.number)

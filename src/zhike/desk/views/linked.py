"""Linking a file to others: companies above and below, dealers, contact persons, principals."""

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader
from zhike.desk import problems
from zhike.desk.file_parts import OFFERS
from zhike.desk.views.file import head_of
from zhike.secure.permissions import needs


@needs("customers.edit")
@require_POST
def link(request: HttpRequest, public_id: str) -> HttpResponse:
    """Link the file to another one, found by its number, or to a person made now."""
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    try:
        _link(request, head)
    except do.LinkRefused as refusal:
        messages.error(request, problems.words(f"link.{refusal.code}", {}))
    except do.EditRefused as refusal:
        messages.error(request, problems.words(refusal.code, refusal.params))
    except do.KnownAlready as known:
        messages.error(request, _("This person has a file already: %(number)s.") % {"number": known.number})
    except do.CustomerUnknown:
        messages.error(request, _("There is no file with this number."))
    else:
        messages.success(request, _("The two files are linked."))
    return redirect("desk:file", head.row.public_id)


def _link(request: HttpRequest, head: CustomerHeader) -> None:
    given, viewer = request.POST, request.viewer  # type: ignore[attr-defined]
    if given.get("how") not in OFFERS:
        raise do.LinkRefused("kinds")
    kind, is_above = OFFERS[given["how"]]
    wanted, own, number = _wanted(given, kind), head.row.customer_id, given.get("number", "").strip()
    if not number:
        made = "person" if kind in ("contact", "principal") and not is_above else "organisation"
        names = ("name", "phone", "position") if made == "person" else ("name", "phone")
        values = {name: given.get(name, "") for name in names}
        do.link_new_customer(own, made, values, wanted, is_above=is_above, by=viewer)
        return
    other = customers.root_of(viewer, number)
    if other is None:
        raise do.CustomerUnknown(number)
    do.link_customers(own if is_above else other, other if is_above else own, wanted, by=viewer)


def _wanted(given: QueryDict, kind: str) -> do.Link:
    try:
        since = dt.date.fromisoformat(given.get("since", "")) if given.get("since") else None
    except ValueError:
        raise do.LinkRefused("date") from None
    influence = given.get("influence", "")
    return do.Link(
        kind=kind,
        roles=[role for role in given.getlist("role") if role],
        influence=int(influence) if influence.isdigit() and len(influence) == 1 else 0,
        position=given.get("position", ""),
        note=given.get("note", ""),
        since=since,
    )


@needs("customers.edit")
@require_POST
def unlink(request: HttpRequest, public_id: str, relation_id: int) -> HttpResponse:
    """End a link of the file."""
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    if relation_id not in {party.relation_id for party in customers.relations(request.viewer, head.row.customer_id)}:  # type: ignore[attr-defined]
        raise Http404
    do.end_relation(relation_id, by=request.viewer)  # type: ignore[attr-defined]
    messages.success(request, _("The link is ended."))
    return redirect("desk:file", head.row.public_id)

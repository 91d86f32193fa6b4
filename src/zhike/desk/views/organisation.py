"""The chart of an enterprise, and where its goods go order by order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.desk import problems, words
from zhike.desk.outline import outline
from zhike.desk.views.edit import day_typed
from zhike.desk.views.file import head_of
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

FLOWS_SHOWN = 100


@needs("customers.view")
@require_GET
def chart(request: HttpRequest, public_id: str) -> HttpResponse:
    """The group of a company from the top down with the people linked to each, its departments as noted, where its goods go."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    top = customers.organisation_chart(viewer, head.row.customer_id) if head.row.kind == "organisation" else None
    if top is None:
        raise Http404
    noted = customers.field_value(viewer, head.row.customer_id, "organisation_structure")
    context = {
        "row": head.row,
        "top": top,
        "departments": outline(noted.text) if noted and noted.sight == "shown" else (),
        "noted": noted,
        "role_words": {**words.ROLES, **words.OFFICES},
        "link_words": words.LINKS,
        "sees_flows": secure.sight(viewer, "market_flow") == "shown",
        "flows": customers.market_flows(viewer, head.record_ids, limit=FLOWS_SHOWN),
        "shares": customers.market_shares(viewer, head.record_ids),
        "may_note": viewer.can("customers.edit") and secure.may_edit(viewer, "market_flow"),
        "channels": words.FLOW_CHANNELS,
        "today": clock.today(installation().time_zone),
    }
    return render(request, "desk/organisation.html", context)


@needs("customers.edit")
@require_POST
def flow(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note one order of the company."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, given, today = head_of(viewer, public_id), request.POST, clock.today(installation().time_zone)
    names = ("buyer", "product", "quantity", "unit", "region", "channel", "order_number")
    try:
        said = do.Flow(on=day_typed(given.get("on", "")) or today, **{name: given.get(name, "") for name in names})
        do.note_flow(head.row.customer_id, said, today=today, by=viewer)
    except do.FlowRefused as refusal:
        messages.error(request, problems.words(f"flow.{refusal.code}", {}))
    except ValueError:
        messages.error(request, problems.words("flow.date", {}))
    else:
        messages.success(request, _("The order is noted."))
    return redirect("desk:organisation", head.row.public_id)


@needs("customers.edit")
@require_POST
def unflow(request: HttpRequest, public_id: str, flow_id: int) -> HttpResponse:
    """Take a row away that was noted in error."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    try:
        do.remove_flow(head.row.customer_id, flow_id, by=viewer)
    except do.FlowRefused as refusal:
        messages.error(request, problems.words(f"flow.{refusal.code}", {}))
    else:
        messages.success(request, _("The row is removed."))
    return redirect("desk:organisation", head.row.public_id)

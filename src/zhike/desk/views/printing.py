"""Cards on the screen and on paper, and the bag of a customer's documents."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.credit import queries as credit
from zhike.customers import actions as do
from zhike.customers import queries as customers
from zhike.customers.records import CustomerHeader
from zhike.desk import file_views, problems, words
from zhike.desk.cards import Reader, card, closed_subject, layout, subject_of
from zhike.desk.file_parts import credit_context
from zhike.desk.views.book import look
from zhike.desk.views.edit import day_typed
from zhike.desk.views.exports import begin
from zhike.desk.views.file import head_of
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("customers.view")
@require_GET
def current(request: HttpRequest, public_id: str) -> HttpResponse:
    """The card of the stage the customer stands at."""
    head = head_of(request.viewer, public_id)  # type: ignore[attr-defined]
    return redirect("desk:card", head.row.public_id, customers.card_kind_of(head.row.stage))


@needs("customers.view")
@require_GET
def card_page(request: HttpRequest, public_id: str, kind: str) -> HttpResponse:
    """A card of the customer as paper has it, with what stands on the file now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    if kind not in layout.KINDS:
        raise Http404
    view = file_views.view_for(viewer)
    sheet = card(Reader(viewer), subject_of(viewer, head), kind, groups=view.groups)
    return render(request, "desk/card.html", {**_context(viewer, head, kind), "sheet": sheet})


@needs("customers.view")
@require_GET
def closed(request: HttpRequest, public_id: str, card_id: str) -> HttpResponse:
    """A card that was closed, as it was."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    old = customers.old_card(viewer, head.row.customer_id, card_id)
    if old is None:
        raise Http404
    view = file_views.view_for(viewer)
    sheet = card(Reader(viewer), closed_subject(head, old), old.facts.kind, groups=view.groups)
    context = {**_context(viewer, head, old.facts.kind), "sheet": sheet, "closed": card_id}
    return render(request, "desk/card.html", context)


@needs("customers.export")
@require_POST
def print_card(request: HttpRequest, public_id: str) -> HttpResponse:
    """A card as PDF, Word or Excel: an export of one customer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, given = head_of(viewer, public_id), request.POST
    kind, closed_id = given.get("kind", ""), given.get("closed", "")
    if kind not in layout.KINDS or (closed_id and customers.old_card(viewer, head.row.customer_id, closed_id) is None):
        raise Http404
    options = {"customer": head.row.public_id, "kind": kind, "closed": closed_id, **look(viewer)}
    return begin(request, "card", ids=[head.row.customer_id], options=options)


@needs("customers.export")
@require_POST
def print_bag(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every document of the customer, as one PDF or as a folder."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    purpose = request.POST.get("purpose", "")
    if purpose not in dict(secure.purposes()):
        purpose = ""
    options = {"customer": head.row.public_id, "purpose": purpose, **look(viewer)}
    return begin(request, "bag", ids=[head.row.customer_id], options=options)


@needs("credit.view")
@require_GET
def credit_pane(request: HttpRequest, public_id: str) -> HttpResponse:
    """Figures and credit of the file in short: asked for after the file stands, so that the file does not wait for it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    return render(request, "desk/credit_pane.html", {"row": head.row, **credit_context(viewer, head)})


@needs("customers.export")
@require_POST
def print_credit(request: HttpRequest, public_id: str, report: str) -> HttpResponse:
    """A credit investigation report as PDF or Word: an export of one customer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head = head_of(viewer, public_id)
    found = credit.report(viewer, report)
    if found is None or found.source_record_id not in head.record_ids or not secure.may_export(viewer, "credit"):
        raise Http404
    options = {"customer": head.row.public_id, "report": found.public_id, **look(viewer)}
    return begin(request, "credit", ids=[head.row.customer_id], options=options)


@needs("customers.edit")
@require_POST
def trace(request: HttpRequest, public_id: str) -> HttpResponse:
    """Note a step of finding out why the customer stopped."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, given, today = head_of(viewer, public_id), request.POST, clock.today(installation().time_zone)
    try:
        do.trace_stop(
            head.row.customer_id,
            by=viewer,
            on=day_typed(given.get("on", "")) or today,
            today=today,
            reason=given.get("reason", ""),
            words=given.get("words", ""),
            review_on=day_typed(given.get("review_on", "")),
        )
    except do.StopRefused as refusal:
        messages.error(request, problems.words(f"stop.{refusal.code}", {}))
    except ValueError:
        messages.error(request, problems.words("contact.date", {}))
    else:
        messages.success(request, _("Noted on the card."))
    return redirect("desk:card", head.row.public_id, "former")


@needs("customers.edit")
@require_POST
def paper(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say where the paper of the file stands, and which leaves are missing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    head, given = head_of(viewer, public_id), request.POST
    customer_id = head.row.customer_id
    try:
        if given.get("act") == "missing":
            today = clock.today(installation().time_zone)
            do.mark_missing(customer_id, given.get("missing", ""), by=viewer, today=today)
        else:
            places = {name: given.get(name, "") for name in ("volume", "leaf", "shelf")}
            do.place_paper(customer_id, by=viewer, **places)
    except do.PaperRefused as refusal:
        messages.error(request, problems.words(f"paper.{refusal.code}", {}))
    else:
        messages.success(request, _("The place of the paper file is kept."))
    return redirect("desk:file", head.row.public_id)


@needs("customers.view")
@require_GET
def papers(request: HttpRequest) -> HttpResponse:
    """Paper files in the order in which they stand; narrowed by shelf, volume, leaf, or to those with leaves missing."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = {name: request.GET.get(name, "")[:24] for name in ("shelf", "volume", "leaf")}
    is_missing = request.GET.get("missing") == "1"
    page = customers.paper_files(viewer, **asked, is_missing=is_missing, after=request.GET.get("after", ""))  # type: ignore[arg-type]
    onward = request.GET.copy()
    onward["after"] = page.next_key
    context = {
        "page": page,
        "asked": asked,
        "is_missing": is_missing,
        "is_narrowed": is_missing or any(asked.values()),
        "onward": onward.urlencode() if page.next_key else "",
    }
    return render(request, "desk/papers.html", context)


def _context(viewer: Viewer, head: CustomerHeader, kind: str) -> dict[str, Any]:
    may_edit = viewer.can("customers.edit")
    today = clock.today(installation().time_zone)
    kinds = [
        (code, label, reverse("desk:card", args=[head.row.public_id, code])) for code, label in layout.SHORT.items()
    ]
    return {
        "head": head,
        "row": head.row,
        "kind": kind,
        "kinds": kinds,
        "own_kind": customers.card_kind_of(head.row.stage),
        "old_cards": customers.old_cards(viewer, head.row.customer_id),
        "card_words": layout.SHORT,
        "file_view": file_views.view_for(viewer),
        "file_views": file_views.VIEWS,
        "may_print": viewer.can("customers.export"),
        "purposes": secure.purposes(),
        "may_trace": may_edit and secure.may_edit(viewer, "leaving_reason"),
        "may_note": may_edit,
        "reasons": customers.stop_reasons(),
        "today": today,
        "now": f"{clock.now():%Y-%m-%dT%H:%M}",
        "ways": {code: label for code, label in words.WAYS.items() if code != "list"},
        "outcomes": words.OUTCOMES,
        "win_back": words.WIN_BACK,
    }

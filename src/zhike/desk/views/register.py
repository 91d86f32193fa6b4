"""The register of customers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.customers.records import RegisterFilter
from zhike.desk import asking, words
from zhike.desk import columns as column_choice
from zhike.desk.actions import ViewRefused, choose_columns, remove_view, save_view
from zhike.desk.queries import views_of
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.figures import number

PAGE_SIZE = 50


@needs("customers.view")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The list: filters, order and place in the address; htmx swaps the page's main part."""
    if "q" in request.GET or any(not value.strip() for _name, values in request.GET.lists() for value in values):
        # A form sends its empty fields too; the address people keep and share has only what narrows, and no word
        # that somebody typed into the search.
        return redirect(f"{reverse('desk:register')}?{asking.canonical(request.GET, without=('q',))}")
    return render(request, "desk/register.html", _listed(request))


@needs("customers.view")
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Words typed above the list: the address they lead to carries them sealed. A question that counts is counted here."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    typed = request.POST.get("q", "").strip()[:100]
    query = request.POST.get("query", "")[:2000]
    if customers.is_exact(typed) and customers.search(viewer, typed).refused:
        messages.error(
            request,
            _(
                "You see phones and addresses masked; exact ones can be looked up 20 times an hour. Try again later, or search by name."
            ),
        )
        typed = ""
    return redirect(f"{reverse('desk:register')}?{asking.with_words(query, typed, viewer)}")


@needs("customers.view")
@require_GET
def filters(request: HttpRequest) -> HttpResponse:
    """What the list can be narrowed by: a form with the present answers, fetched when somebody opens it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    context = {
        "asked": request.GET,
        "offered": [q.name for q in asking.QUESTIONS if customers.offered(viewer, q.field)],
        "tags": customers.tags() if customers.offered(viewer, "tag_ids") else [],
        "sources": customers.sources(),
        "segments": segments.segments(viewer) if viewer.can("segments.view") else [],
        "staff": secure.staff_names(),
        "provinces": customers.places(viewer),
        "classes": words.RFM_CLASSES,
        "abc_classes": words.ABC_CLASSES,
        "levels": words.PYRAMID_LEVELS,
        "stages": words.STAGES,
        "kinds": words.KINDS,
    }
    return render(request, "desk/filters.html", context)


@needs("customers.view")
@require_GET
def without_orders(request: HttpRequest) -> HttpResponse:
    """A short name for one much-asked filter."""
    return redirect(f"{reverse('desk:register')}?orders_max=0")


@needs("customers.view")
@require_POST
def columns(request: HttpRequest) -> HttpResponse:
    """Keep the columns a person ticked."""
    choose_columns(request.POST.getlist("column"), by=request.viewer)  # type: ignore[attr-defined]
    return redirect(_back(request))


@needs("customers.view")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it stands under a name."""
    query = asking.canonical(QueryDict(request.POST.get("query", "")[:2000]), without=("q", "slip"))
    try:
        save_view(request.POST.get("name", ""), query, is_shared="shared" in request.POST, by=request.viewer)  # type: ignore[attr-defined]
    except ViewRefused as refusal:
        messages.error(request, _REFUSALS[refusal.code]())
    return redirect(f"{reverse('desk:register')}?{query}")


@needs("customers.view")
@require_POST
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """Remove one's own view."""
    if remove_view(public_id, by=request.viewer):  # type: ignore[attr-defined]
        messages.success(request, _("The view is removed; no customer was."))
    return redirect("desk:register")


_REFUSALS = {
    "name_missing": lambda: _("Give the view a name."),
    "name_long": lambda: _("The name of a view has at most 40 characters."),
    "too_many": lambda: _("You have 30 views; remove one first."),
    "too_long": lambda: _("This list has too many filters to keep."),
}


def _listed(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    shop = installation()
    wanted, answer = asking.asked(request.GET, viewer, shop.time_zone)
    sort = customers.allowed_order(viewer, request.GET.get("sort", "")).text
    page = customers.register(
        viewer,
        wanted,
        sort=sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        limit=PAGE_SIZE,
    )
    count = customers.count(viewer, wanted)
    query = asking.canonical(request.GET)
    return {
        "page": page,
        "sort": sort,
        "columns": [(c, column_choice.sortable(viewer, c)) for c in column_choice.chosen(viewer)],
        "chips": asking.chips(request.GET, viewer),
        "query": query,
        "answer": answer,
        "typed": asking.typed_in(request.GET, viewer),
        "count": f"{number(count.number)}+" if count.capped else number(count.number),
        "is_narrowed": wanted != RegisterFilter(),
        "owners": secure.staff_names([r.owner_staff_id for r in page.rows if r.owner_staff_id]),
        "classes": words.RFM_CLASSES,
        "stages": words.STAGES,
        "sexes": words.SEXES,
        "currency": shop.currency,
        "views": views_of(viewer, query),
        **_choices(request, viewer),
    }


def _choices(request: HttpRequest, viewer: Viewer) -> dict[str, Any]:
    """What the column chooser and the bulk bar offer."""
    return {
        "asked": request.GET,
        "tags": customers.tags() if customers.offered(viewer, "tag_ids") else [],
        "staff": secure.staff_names(),
        "may_choose": [
            (c, c.code in {x.code for x in column_choice.chosen(viewer)}) for c in column_choice.offered(viewer)
        ],
        "may_bulk": viewer.can("customers.bulk"),
        "may_tag": viewer.can("customers.tag"),
        "may_own": viewer.can("customers.edit"),
        "may_export": viewer.can("customers.export"),
        "always": column_choice.ALWAYS,
    }


def _back(request: HttpRequest) -> str:
    query = asking.canonical(QueryDict(request.POST.get("query", "")[:2000]))
    return f"{reverse('desk:register')}?{query}"

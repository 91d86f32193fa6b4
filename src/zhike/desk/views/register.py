"""The register of customers."""

from collections.abc import Sequence, Set
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.customers.records import RegisterFilter, RegisterRow
from zhike.desk import actions, asking, words
from zhike.desk import columns as column_choice
from zhike.desk.columns import Column
from zhike.desk.models import SavedView
from zhike.desk.painting import Look
from zhike.desk.queries import first_view, left_out, removed_view, view_address, view_of, views_of
from zhike.desk.views.book import book_columns
from zhike.kit.installation import installation
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer
from zhike.ui.figures import number

PAGE_SIZE = 50
_FIRST_SORT = (
    "-last_order"  # who bought last stands first, who never did last; who may not see it gets the newest files
)


@needs("customers.view")
@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The list: filters, order and place in the address; htmx swaps the page's main part."""
    if "q" in request.GET or any(not value.strip() for _name, values in request.GET.lists() for value in values):
        # A form sends its empty fields too; the address people keep and share has only what narrows, and no word
        # that somebody typed into the search.
        return redirect(f"{reverse('desk:register')}?{asking.canonical(request.GET, without=('q',))}")
    if not request.GET and (view := first_view(request.viewer)):  # type: ignore[attr-defined]
        return redirect(view_address(request.viewer, view))  # type: ignore[attr-defined]
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
        "checked": words.CHECKED,
        "levels": words.PYRAMID_LEVELS,
        "groups": words.RFM_GROUPS,
        "stages": words.STAGES,
        "purchase_classes": words.PURCHASE_CLASSES,
        "kinds": words.KINDS,
        "purposes_asked": [
            (p.label, [(f"{p.code}={state}", label) for state, label in consents.STATES.items()])
            for p in consents.purposes()
        ],
    }
    return render(request, "desk/filters.html", context)


@needs("customers.view")
@require_GET
def column_choices(request: HttpRequest) -> HttpResponse:
    """The columns the list may have, those it has ticked: fetched when somebody opens the chooser."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    codes = [c.code for c in column_choice.chosen(viewer, view_of(viewer, request.GET.get("view", "")))]
    context = {
        "may_choose": [(c, c.code in codes) for c in column_choice.offered(viewer)],
        "always": column_choice.ALWAYS,
    }
    return render(request, "desk/column_choices.html", context)


@needs("customers.export")
@require_GET
def book_choices(request: HttpRequest) -> HttpResponse:
    """The columns a printed book may have: fetched when somebody thinks of one."""
    return render(request, "desk/book_choices.html", {"book_columns": book_columns(request.viewer)})  # type: ignore[attr-defined]


@needs("customers.view")
@require_GET
def without_orders(request: HttpRequest) -> HttpResponse:
    """A short name for one much-asked filter."""
    return redirect(f"{reverse('desk:register')}?orders_max=0")


def _listed(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    shop = installation()
    view = view_of(viewer, request.GET.get("view", ""))
    wanted, answer = asking.asked(request.GET, viewer, shop.time_zone)
    sort = customers.allowed_order(viewer, request.GET.get("sort") or _FIRST_SORT).text
    page = customers.register(
        viewer,
        wanted,
        sort=sort,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        limit=PAGE_SIZE,
    )
    count = customers.count(viewer, wanted, page=page)
    query = asking.canonical(request.GET)
    shown = column_choice.chosen(viewer, view)
    return {
        "page": page,
        "sort": sort,
        "columns": [(c, column_choice.sortable(viewer, c)) for c in shown],
        "shown": shown,
        "look": look_of(viewer, page.rows, shown, query, editable=_editable(viewer, shown)),
        "chips": _within(view, asking.chips(request.GET, viewer)),
        "query": query,
        "answer": answer,
        "typed": asking.typed_in(request.GET, viewer),
        "count": f"{number(count.number)}+" if count.capped else number(count.number),
        "is_capped": count.capped,
        "is_narrowed": wanted != RegisterFilter(),
        "stages": words.STAGES,
        **_view_of_list(viewer, view, query, request.GET.get("removed", "")),
        **_choices(request, viewer, shown),
    }


def look_of(
    viewer: Viewer, rows: Sequence[RegisterRow], shown: Sequence[Column], query: str, *, editable: Set[str]
) -> Look:
    """What the cells of these rows need: a fixed number of questions, however many rows."""
    return Look(
        cells=column_choice.cells(viewer, shown, [r.customer_id for r in rows]),
        editable=editable,
        owners=secure.staff_names([r.owner_staff_id for r in rows if r.owner_staff_id]),
        currency=installation().currency,
        query=query,
    )


def _editable(viewer: Viewer, shown: Sequence[Column]) -> set[str]:
    """The columns whose cells the person may edit in place: what they see in full and may enter."""
    if not viewer.can("customers.edit"):
        return set()
    return {
        c.code
        for c in shown
        if c.edits and secure.may_edit(viewer, c.edits) and secure.sight(viewer, c.edits) == "shown"
    }


def _within(view: SavedView | None, chips: list[dict[str, str]]) -> list[dict[str, str]]:
    """Chips whose addresses stay in the open view, and so keep its columns."""
    if view is None:
        return chips
    return [
        {**c, "remove_url": f"?view={view.public_id}&{c['remove_url'].removeprefix('?')}".rstrip("&")} for c in chips
    ]


def _view_of_list(viewer: Viewer, view: SavedView | None, query: str, removed: str) -> dict[str, Any]:
    """The tabs, and what can be done with the view that is open."""
    is_own = view is not None and view.staff_id == viewer.staff_id
    return {
        "views": views_of(viewer, query, view),
        "view": view,
        "is_own_view": is_own,
        "is_first_view": view is not None and first_view(viewer) == view,
        "left_out": left_out(viewer, view) if view and not is_own else [],
        "made_by": secure.staff_names([view.staff_id]).get(view.staff_id, "") if view and not is_own else "",
        "removed": removed_view(viewer, removed),
        "may_share": viewer.can("views.share"),
        "has_team": bool(viewer.team_staff_ids - {viewer.staff_id}),
    }


def _choices(request: HttpRequest, viewer: Viewer, shown: Sequence[Column]) -> dict[str, Any]:
    """What the column chooser and the bulk bar offer."""
    codes = [c.code for c in shown]
    return {
        "asked": request.GET,
        "tags": customers.tags() if customers.offered(viewer, "tag_ids") else [],
        "staff": secure.staff_names(),
        "shown_codes": codes,
        "may_bulk": viewer.can("customers.bulk"),
        "may_tag": viewer.can("customers.tag"),
        "may_own": viewer.can("customers.edit"),
        "may_merge": viewer.can("customers.merge"),
        "settable": actions.settable(viewer) if viewer.can("customers.edit") else [],
        "may_export": viewer.can("customers.export"),
    }

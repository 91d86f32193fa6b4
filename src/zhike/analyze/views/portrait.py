"""Portraits and look-alikes: the reports and the customers behind their figures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import lookalike_page, measure_words, portrait_consent, portrait_page, queries, results
from zhike.analyze import portrait_words as words
from zhike.analyze.views.measures import opened, page_of_rows, with_result
from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.secure import queries as rights
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("analyze.view")
@require_GET
def portrait(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Which groups of customers there are, how sure they are, psychology types, preferences."""
    viewer, run, is_newest, context = opened(request, "portrait", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    sees = rights.sight(viewer, "metrics") == "shown"
    shown = portrait_page.page(
        run,
        is_newest=is_newest,
        may_open=viewer.can("customers.view") and sees,
        may_segment=viewer.can("segments.edit") and sees,
        sees_types=queries.sees_psychology(viewer),
        sees_lines=rights.sight(viewer, "order_lines") == "shown",
        with_money=rights.sight(viewer, "net_amount") == "shown",
    )
    return render(request, "analyze/portrait.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Customers of a group, or who carry a psychology type; who sees only some customers is shown those among them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("portrait", public_id)
    code, kind = request.GET.get("group", ""), request.GET.get("type", "")
    if rights.sight(viewer, "metrics") != "shown" or (
        kind and (kind not in words.TYPES or not queries.sees_psychology(viewer))
    ):
        raise Http404
    if not kind and code not in {row["code"] for row in run.counts["groups"]}:
        raise Http404
    limit = results.rows_to_read(viewer.scope)
    wanted = {f"is_{kind}": True} if kind else {"group_code": code}
    found, next_key = page_of_rows(request, path, dict(wanted), limit)
    allowed = portrait_consent.still_profiled([row["customer_id"] for row in found])
    seen = customers.lines(viewer, [row["customer_id"] for row in found if row["customer_id"] in allowed])
    entries: list[dict[str, Any]] = [
        {"row": seen[row["customer_id"]], "types": _carried(row) if queries.sees_psychology(viewer) else [], "orders": row["orders"],
         "strength": row[kind] if kind else None}
        for row in found
        if row["customer_id"] in seen
    ]  # fmt: skip
    context = {
        "run": run,
        "title": words.TYPES[kind] if kind else words.group_name(code),
        "back_title": measure_words.TITLES["portrait"],
        "entries": entries,
        "of_type": bool(kind),
        "page": {"next_key": next_key, "previous_key": None},
    }
    return render(request, "analyze/portrait_people.html", context)


def _carried(row: dict[str, Any]) -> list[str]:
    return [str(words.TYPES[name]) for name in (row["types"] or "").split(",") if name]


@needs("analyze.view")
@require_GET
def lookalike(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Who does like the members of a segment, and how well that could be told; those ranked first."""
    viewer, run, is_newest, context = opened(request, "lookalike", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    facts = segments.segment(viewer, run.counts["segment"])
    sees = rights.sight(viewer, "metrics") == "shown"
    shown = lookalike_page.page(
        run,
        name=facts.name if facts else "",
        is_newest=is_newest,
        may_segment=viewer.can("segments.edit") and sees,
    )
    entries: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next_key": None, "previous_key": None}
    path = results.result_path("lookalike", run.public_id)
    if sees and viewer.can("customers.view") and path.exists():
        limit = results.rows_to_read(viewer.scope)
        found, page["next_key"] = page_of_rows(request, path, {}, limit)
        allowed = portrait_consent.still_profiled([row["customer_id"] for row in found])
        seen = customers.lines(viewer, [row["customer_id"] for row in found if row["customer_id"] in allowed])
        entries = [{"row": seen[r["customer_id"]], **r} for r in found if r["customer_id"] in seen]
    return render(request, "analyze/lookalike.html", {**context, **shown, "entries": entries, "page": page})

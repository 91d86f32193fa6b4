"""Composition, value classes and products: the reports, the customers behind their figures, a run with parameters."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.analyze import actions, composition_page, measure_words, products_page, queries, results, value_page, words
from zhike.analyze.measure_form import MeasureForm
from zhike.analyze.measure_parameters import MEASURE_KINDS, MeasureParameters
from zhike.analyze.records import RunFacts
from zhike.customers import queries as customers
from zhike.customers.queries import segments
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import queries as rights
from zhike.secure.permissions import Forbidden, needs
from zhike.secure.records import Viewer
from zhike.shop import actions as shop
from zhike.ui.names import zone_name

_PAGE = results.PAGE_ROWS
_OF_ANSWERS = ("satisfaction", "loyalty")
_MOST_BYTES = 8 * 2**20
_OF_GOODS = ("recommendation", "replenishment", "portrait")  # their rows say who bought what


@needs("analyze.view")
@require_GET
def composition(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Who the customers are, where the money comes from, and what changed between two periods."""
    viewer, run, is_newest, context = opened(request, "composition", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    grain = request.GET.get("grain", "month")
    shown = composition_page.page(
        run,
        viewer,
        by=request.GET.get("by", ""),
        grain=grain if grain in measure_words.GRAINS else "month",
        is_newest=is_newest,
        with_money=_with_money(viewer),
        shade=request.GET.get("shade", ""),
    )
    return render(request, "analyze/composition.html", {**context, **shown})


@needs("analyze.view")
@require_GET
def value(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """ABC classes, the customer pyramid, concentration."""
    viewer, run, is_newest, context = opened(request, "value", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    may_open = viewer.can("customers.view") and rights.sight(viewer, "metrics") == "shown"
    shown = value_page.page(run, is_newest=is_newest, may_open=may_open, with_money=_with_money(viewer))
    return render(request, "analyze/value.html", {**context, **shown})


@needs("analyze.view")
@require_GET
def products(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Products by sales, with margins where costs are known."""
    viewer, run, is_newest, context = opened(request, "products", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    abc, path = request.GET.get("abc", ""), actions.result_file(run.public_id, "products")
    if "head" in run.counts and abc not in measure_words.ABC and "after" not in request.GET:
        found, next_key = _cut(run.counts["head"], _PAGE)
    else:
        found, next_key = page_of_rows(request, path, {"abc_class": abc} if abc in measure_words.ABC else {})
    may_open = is_newest and viewer.can("customers.view") and rights.sight(viewer, "order_lines") == "shown"
    shown = products_page.page(run, found, abc=abc, may_open=may_open, with_money=_with_money(viewer))
    page = {"next_key": next_key, "previous_key": None}
    may_tell = viewer.can("collect.import")
    return render(
        request, "analyze/products.html", {**context, **shown, "page": page, "may_tell": may_tell, "gone": path is None}
    )


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """The customers behind a figure of the composition: of a group, of a part of the bridge, or both."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, path = with_result("composition", public_id)
    by, group = request.GET.get("by", ""), request.GET.get("group", "")
    change, who = request.GET.get("change", ""), request.GET.get("who", "")
    wanted: dict[str, Any] = {}
    heads = []
    if by:
        if by not in measure_words.offered(viewer, run.counts["attributes"]):
            raise Http404
        wanted[by] = group
        heads.append(f"{measure_words.ATTRIBUTES[by][0]}: {measure_words.group_names(by).get(group, group)}")
    if change:
        if change not in measure_words.CHANGES:
            raise Http404
        wanted["change"] = change
        heads.append(str(measure_words.CHANGES[change]))
    if who == "active":
        wanted["orders_min"] = 1
        heads.append(_("Bought in the period"))
    title = " · ".join(heads) or _("All customers")
    return _behind(request, run, path, wanted, title, "analyze:composition")


@needs("customers.view")
@require_GET
def buyers(request: HttpRequest, public_id: str, product_id: int) -> HttpResponse:
    """The customers who bought a product in the period, greatest amount first."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run, _path = with_result("products", public_id)
    path = results.result_path("product_buyers", public_id)
    if rights.sight(viewer, "order_lines") != "shown" or not path.exists():
        raise Http404
    named = results.behind(_path, {"product_id": product_id}, limit=1)
    if not named:
        raise Http404
    title = str(named[0]["title"] or named[0]["sku"] or "–")
    return _behind(request, run, path, {"product_id": product_id}, title, "analyze:products")


@needs("analyze.run")
@require_http_methods(["GET", "POST"])
def new_measure(request: HttpRequest, kind: str) -> HttpResponse:
    """Ask for a run with parameters; filled in with those of the last one."""
    if kind not in MEASURE_KINDS:
        raise Http404
    last = queries.latest_run(kind)
    parameters = MeasureParameters.from_json(dict(last.parameters)) if last else MeasureParameters()
    initial = MeasureForm.initial_of(parameters, clock.today(installation().time_zone))
    offered: list[tuple[str, str]] = []
    if kind == "lookalike":
        offered = [(s.public_id, s.name) for s in segments.segments(request.viewer)]  # type: ignore[attr-defined]
        initial["segment"] = request.GET.get("segment", initial["segment"])
    form = MeasureForm(kind, request.POST if request.method == "POST" else None, initial=initial, segments=offered)
    if request.method == "POST" and form.is_valid():
        actions.request_measure(kind, form.parameters(), as_of=form.cleaned_data["as_of"], by=request.viewer)  # type: ignore[attr-defined]
        return redirect(f"analyze:{kind}")
    context = {"form": form, "kind": kind, "title": measure_words.TITLES[kind], "page_url": f"analyze:{kind}"}
    return render(request, "analyze/new_measure.html", context, status=422 if form.errors else 200)


@needs("customers.export")
@require_POST
def download_measure(request: HttpRequest, kind: str, public_id: str) -> Any:
    """A run's rows as CSV or Parquet: file numbers and figures. Audited; for those who may see all customers."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not _may_download(viewer, kind):
        raise Forbidden("customers.export")
    run, path = with_result(kind, public_id)
    form = "parquet" if request.POST.get("form") == "parquet" else "csv"
    actions.note_download(run, form, by=viewer)
    name = f"{kind}-{run.as_of.isoformat()}.{form}"
    if form == "parquet":
        return FileResponse(path.open("rb"), as_attachment=True, filename=name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(
        results.csv_lines(path, kind), content_type="text/csv; charset=utf-8", headers=headers
    )  # fmt: skip


@needs("collect.import")
@require_POST
def tell_costs(request: HttpRequest) -> HttpResponse:
    """Take in a table of cost prices and stock; the next run uses it."""
    file = request.FILES.get("costs")
    if file is None or (file.size or 0) > _MOST_BYTES:
        messages.error(request, _("Choose a CSV file of at most 8 MB."))
        return redirect("analyze:products")
    try:
        tally = shop.record_costs(file.read(), by=request.viewer)  # type: ignore[attr-defined]
    except shop.CostFileRefused as refusal:
        messages.error(request, _COST_REFUSALS[refusal.code]())
        return redirect("analyze:products")
    said = ngettext("%(n)s product noted.", "%(n)s products noted.", tally.products) % {"n": tally.products}
    if tally.left_out:
        rows = ", ".join(str(row) for row, _code in tally.problems[:8])
        said += " " + _("%(n)s rows left out (unknown code or unreadable), such as row %(rows)s.") % {
            "n": tally.left_out,
            "rows": rows,
        }
    messages.success(request, said + " " + _("Run again to see them in the figures."))
    return redirect("analyze:products")


_COST_REFUSALS = {
    "not_text": lambda: _("This is not a CSV file in UTF-8 or GB 18030."),
    "no_code_column": lambda: _("The table needs a column named code (商家编码)."),
    "nothing_told": lambda: _("The table needs a column named cost (进价) or stock (库存)."),
    "too_many_rows": lambda: _("At most 200,000 rows at a time."),
}


def opened(
    request: HttpRequest, kind: str, public_id: str
) -> tuple[Viewer, RunFacts | None, bool, dict[str, Any]]:  # fmt: skip
    """The run asked for or the newest, whether it is the newest, and what every page of this kind shows."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    newest = queries.latest_run(kind)
    run = queries.run(public_id) if public_id else newest
    if public_id and (run is None or run.state != "done" or run.kind != kind):
        raise Http404
    context = {
        "kind": kind,
        "title": measure_words.TITLES[kind],
        "running": queries.running(),
        "may_run": viewer.can("analyze.run"),
        "may_import": viewer.can("collect.import"),
        "may_download": _may_download(viewer, kind),
        "zone": zone_name(installation().time_zone),
        "newest_url": f"analyze:{kind}",
    }
    is_newest = newest is not None and run is not None and run.id == newest.id
    return viewer, run, is_newest, context


def _with_money(viewer: Viewer) -> bool:
    return rights.sight(viewer, "net_amount") == "shown"


def _may_download(viewer: Viewer, kind: str) -> bool:
    may_export = viewer.can("customers.export") and rights.may_export(viewer, "net_amount")
    if kind in _OF_ANSWERS:
        may_export = may_export and rights.may_export(viewer, "survey_answers")
    if kind in _OF_GOODS:
        may_export = may_export and rights.may_export(viewer, "order_lines")
    return may_export and viewer.scope == "all"


def with_result(kind: str, public_id: str) -> tuple[RunFacts, Path]:
    """A run whose rows still lie there; 404 otherwise."""
    run = queries.run(public_id) if kind in MEASURE_KINDS else None
    path = actions.result_file(public_id, kind) if run and run.kind == kind else None
    if run is None or path is None:
        raise Http404
    return run, path


def page_of_rows(
    request: HttpRequest, path: Path | None, wanted: dict[str, Any], limit: int = _PAGE, more: tuple[str, ...] = ()
) -> tuple[list[dict[str, Any]], int | None]:  # fmt: skip
    """A page of a result's rows and the rank the next one begins beyond."""
    if path is None:
        return [], None
    return _cut(results.behind(path, wanted, beyond_rank=place_of(request), limit=limit + 1, more=more), limit)


def place_of(request: HttpRequest) -> int:
    """The rank a page begins beyond, as its address says."""
    place = request.GET.get("after", "")
    return int(place) if place.isdecimal() and len(place) < 12 else 0


def _cut(found: Any, limit: int) -> tuple[list[dict[str, Any]], int | None]:
    """A page of rows of which one more than the page was read, and the rank the next begins beyond."""
    return found[:limit], found[limit - 1]["rank"] if len(found) > limit else None


def _behind(
    request: HttpRequest, run: RunFacts, path: Path, wanted: dict[str, Any], title: str, back: str
) -> HttpResponse:  # fmt: skip
    """Customers of a result with their part of the figure; who sees only some customers is shown those among them."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    limit = results.rows_to_read(viewer.scope)
    found, next_key = page_of_rows(request, path, wanted, limit)
    seen = customers.lines(viewer, [row["customer_id"] for row in found])
    hidden = {} if _with_money(viewer) else dict.fromkeys(("before_cents", "after_cents", "bought_cents"))
    shown = [
        {"row": seen[row["customer_id"]], "figures": {**row, **hidden}, "change": row.get("change", "")}
        for row in found
        if row["customer_id"] in seen
    ]
    context = {
        "run": run,
        "title": title,
        "entries": shown,
        "page": {"next_key": next_key, "previous_key": None},
        "currency": run.counts["currency"],
        "classes": words.CLASSES,
        "changes": measure_words.CHANGES,
        "of_product": back == "analyze:products",
        "back": back,
        "back_title": measure_words.TITLES[run.kind],
        "after": composition_page.period_text(run.counts["after"]),
        "before": composition_page.period_text(run.counts["before"]) if "before" in run.counts else "",
    }
    return render(request, "analyze/people.html", context)

"""Loyalty: the two axes, and the customers behind each cell."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from zhike.analyze import loyalty_page, measure_words
from zhike.analyze.views.measures import opened
from zhike.analyze.views.satisfaction import behind
from zhike.secure import queries as rights
from zhike.secure.permissions import needs


@needs("analyze.view")
@require_GET
def loyalty(request: HttpRequest, public_id: str = "") -> HttpResponse:
    """Repurchase, the two axes, share of wallet, switching, price, advocacy."""
    viewer, run, is_newest, context = opened(request, "loyalty", public_id)
    if run is None:
        return render(request, "analyze/measure_empty.html", context)
    sees = rights.sight(viewer, "survey_answers") == "shown"
    shown = loyalty_page.page(
        run,
        is_newest=is_newest,
        may_open=viewer.can("customers.view") and sees,
        with_money=rights.sight(viewer, "net_amount") == "shown",
        may_segment=viewer.can("segments.edit") and sees,
    )
    return render(request, "analyze/loyalty.html", {**context, **shown})


@needs("customers.view")
@require_GET
def people(request: HttpRequest, public_id: str) -> HttpResponse:
    """Customers of a cell, greatest amount first; for those who may see answers of persons."""
    return behind(request, "loyalty", public_id, ("cell", measure_words.CELLS), "analyze/loyalty_people.html")

"""What products cost and how many lie in stock, for the measures of products."""

import datetime as dt
from collections.abc import Collection, Iterable

from zhike.shop.models import Product, ProductCost


def unit_costs(last: dt.date) -> list[tuple[int, int]]:
    """(product, cost of one piece in cents): the newest price told for a day up to `last`, else the first told after it,
    else the one the catalogue states without a day."""
    stated = Product.objects.filter(cost_cents__isnull=False).values_list("id", "cost_cents")
    told = ProductCost.objects.filter(unit_cost_cents__isnull=False).order_by("product_id", "on_day")
    found: dict[int, int | None] = {}
    for product, day, cents in told.values_list("product_id", "on_day", "unit_cost_cents").iterator(2000):
        if product not in found or day <= last:
            found[product] = cents
    newest = {**dict(stated.iterator(2000)), **found}
    return [(product, cents) for product, cents in newest.items() if cents is not None]


def stock_values(first: dt.date, last: dt.date) -> list[tuple[int, int, int]]:
    """(product, opening, closing), at cost in cents: the newest count before a period, and the newest up to its end.

    Only products counted for both and with a known cost: half a pair is no mean stock.
    """
    costs = dict(unit_costs(last))
    told = ProductCost.objects.filter(stock_quantity__isnull=False, on_day__lte=last).order_by("product_id", "on_day")
    opening: dict[int, int] = {}
    closing: dict[int, int] = {}
    for product, day, pieces in told.values_list("product_id", "on_day", "stock_quantity").iterator(2000):
        # A count on the first morning is the opening one; the same count may not close the period too.
        (opening if day <= first else closing)[product] = pieces or 0
    both = [product for product in closing if product in opening and product in costs]
    return [(product, opening[product] * costs[product], closing[product] * costs[product]) for product in both]


def out_of_stock(day: dt.date, *, among: Collection[int] | None = None) -> set[int]:
    """Products whose newest count of stock up to a day says that nothing is left; what was never counted is not among them.

    `among` asks of some products only.
    """
    told = ProductCost.objects.filter(stock_quantity__isnull=False, on_day__lte=day).order_by("product_id", "on_day")
    if among is not None:
        told = told.filter(product_id__in=among)
    newest = dict(told.values_list("product_id", "stock_quantity").iterator(2000))
    return {product for product, pieces in newest.items() if (pieces or 0) <= 0}


def product_titles(ids: Iterable[int]) -> dict[int, str]:
    """Titles of some products, or their merchant codes; products are no personal data."""
    found = Product.objects.filter(id__in=list(ids)).values_list("id", "title", "sku")
    return {product: title or sku or "–" for product, title, sku in found}


def product_attributes(*, longest: int = 60) -> list[tuple[int, str]]:
    """(product, “name: text”) of everything a catalogue says of products in short words, such as their color."""
    said = Product.objects.filter(attributes__isnull=False).order_by("id").values_list("id", "attributes")
    return [
        (product, f"{name}: {text}")
        for product, attributes in said.iterator(2000)
        for name, text in sorted((attributes or {}).items())
        if isinstance(text, str) and 0 < len(text) <= longest and len(str(name)) <= longest
    ]

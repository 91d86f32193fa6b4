"""Products over the API."""

from typing import Any

from ninja import Query

from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.customers import queries as customers
from zhike.kit.paging import BadPageKey
from zhike.shop import queries
from zhike.shop.api import shapes
from zhike.shop.api.orders import READ, source_id

routes = Routes("Products")


@answers(BadPageKey)
def _bad_key(error: BadPageKey) -> Problem:
    return refused("query.after", "cursor")


@routes.get("/products", answer=shapes.ProductPage, **READ)
def list_products(request: ApiRequest, query: Query[shapes.ProductQuery]) -> dict[str, Any]:
    """Products that a catalogue or an order has named, newest first."""
    wanted = source_id(query.source)
    page = queries.products(source_id=wanted, category=query.category, after=query.after, size=query.limit)
    codes = {source.id: source.code for source in customers.sources(archived=True)}
    items = [
        {
            "id": p.id,
            "source": codes.get(p.source_id, ""),
            "sku": p.sku,
            "title": p.title,
            "category": p.category or None,
            "brand": p.brand or None,
            "price_cents": p.price_cents,
            "attributes": dict(p.attributes),
        }
        for p in page.items
    ]
    return {"items": items, "next": page.next_key}

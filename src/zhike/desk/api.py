"""What stitches modules together, over the API: exact search, the timeline of a customer, jobs."""

import datetime as dt
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from zhike.api.problems import Problem, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cursor, Limit, Page, Progress, Strict
from zhike.customers import queries as customers
from zhike.customers.api.files import line, root
from zhike.customers.api.shapes import CustomerLine
from zhike.desk import timeline
from zhike.kit.jobs import reading
from zhike.secure.permissions import Forbidden
from zhike.shop import queries as shop

routes = Routes("Search, timeline, jobs")
ROUTES = [routes]
READ: dict[str, Any] = {"scope": "customers:read", "needs": "customers.view"}
_MOST_FOUND = 50
_SAME = {"platform_handle": "platform_id"}


class Sought(Strict):
    """One exact identifier; it stands in the body because addresses are written down in many places."""

    kind: Literal["number", "phone", "email", "platform_id", "platform_handle", "order_number"]
    value: str = Field(min_length=1, max_length=200)


class Found(Strict):
    """The customers who bear it, at most fifty."""

    items: list[CustomerLine]
    capped: bool


class TimelineQuery(Strict):
    """A kind, and where the list goes on."""

    kind: Literal["", "order", "contact", "edit", "statement", "attachment", "contract"] = ""
    after: Cursor = ""
    limit: Limit = 30


class TimelineItem(Strict):
    """Something that happened."""

    at: dt.datetime
    kind: str
    title: str
    detail: str | None = None
    amount_cents: int | None = None
    currency: str | None = None
    state: str | None = None
    order: str | None = Field(None, description="Public id of an order.")


class TimelinePage(Page):
    """What happened, newest first."""

    items: list[TimelineItem]


class JobOut(Progress):
    """One job."""

    name: str
    enqueued_at: dt.datetime
    started_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    error: str | None = None


@routes.ask("/customers/search", answer=Found, **READ)
def search_customers(request: ApiRequest, sought: Sought) -> dict[str, Any]:
    """Customers by an exact identifier. Fields seen only masked are searched for 20 different values an hour."""
    if sought.kind == "order_number":
        if not request.viewer.can("orders.view"):
            raise Forbidden("orders.view")
        ids = set(customers.customers_of_records(request.viewer, shop.records_of_number(sought.value)).values())
    else:
        answer = customers.search(request.viewer, sought.value, most=_MOST_FOUND + 1)
        if answer.refused:
            raise Forbidden("lookup.quota")
        ids = set(answer.ids) if answer.kind == _SAME.get(sought.kind, sought.kind) else set()
    found = customers.lines(request.viewer, ids)
    rows = [found[key] for key in sorted(found)]
    return {"items": [line(row) for row in rows[:_MOST_FOUND]], "capped": len(rows) > _MOST_FOUND}


@routes.get("/customers/{customer}/timeline", answer=TimelinePage, **READ)
def list_timeline(request: ApiRequest, customer: str, query: Query[TimelineQuery]) -> dict[str, Any]:
    """What happened with a customer, newest first; orders only with the right to see them."""
    head = customers.header(request.viewer, root(request.viewer, customer))
    if head is None:
        raise Problem("not_found")
    if query.after and not timeline.is_place(query.after):
        raise refused("query.after", "cursor")
    sees_orders = request.viewer.can("orders.view") and "orders:read" in request.caller.token.scopes
    page = timeline.page(
        request.viewer, head.record_ids, query.kind, query.after, limit=query.limit, with_orders=sees_orders
    )
    items = [
        {
            "at": item.at,
            "kind": item.kind,
            "title": item.title,
            "detail": item.detail or None,
            "amount_cents": item.amount_cents,
            "currency": item.currency or None,
            "state": item.state or None,
            "order": item.address or None if item.kind == "order" else None,
        }
        for item in page.items
    ]
    return {"items": items, "next": page.older_key or None}


@routes.get("/jobs/{job}", answer=JobOut, scope="jobs:read", needs="jobs.view")
def get_job(request: ApiRequest, job: int) -> dict[str, Any]:
    """One job: its state and how far it is. Imports tell their own progress too."""
    found = reading.one(job) if 0 < job < 2**62 else None
    if found is None:
        raise Problem("not_found")
    return {
        "job": found.id,
        "name": found.name,
        "state": found.state,
        "done": found.done,
        "total": found.total,
        "remaining_s": found.remaining_s,
        "enqueued_at": found.enqueued_at,
        "started_at": found.started_at,
        "finished_at": found.finished_at,
        "error": found.error_code or None,
    }

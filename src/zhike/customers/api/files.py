"""Reading customers: the register, one file, its figures, and why it says what it says."""

import hashlib
import json
from typing import Any

from ninja import Query

from zhike.api.problems import Problem, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.customers import queries
from zhike.customers.api import shapes
from zhike.customers.queries import keyset
from zhike.customers.records import FieldValue, RegisterFilter, RegisterRow
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

routes = Routes("Customers")
READ: dict[str, Any] = {"scope": "customers:read", "needs": "customers.view"}
_LINE_FIELDS = ("name", "sex", "province", "city")


@routes.get("/customers", answer=shapes.CustomerPage, **READ)
def list_customers(request: ApiRequest, query: Query[shapes.CustomerQuery]) -> dict[str, Any]:
    """Customers in the scope of the token's maker, by the filters of the register."""
    wanted = wanted_by(request.viewer, query)
    order = queries.allowed_order(request.viewer, query.sort)
    if order.text != query.sort:
        raise Problem("field_forbidden", {"field": query.sort.removeprefix("-")})
    if query.after and keyset.read_place(query.after, order.sort) is None:
        raise refused("query.after", "cursor")
    page = queries.register(request.viewer, wanted, sort=query.sort, after=query.after, limit=query.limit)
    masked = [name for name in _LINE_FIELDS if secure.sight(request.viewer, name) == "masked"]
    return {"items": [line(row) for row in page.rows], "next": page.next_key or None, "masked": masked}


@routes.get("/customers/count", answer=shapes.CountOut, **READ)
def count_customers(request: ApiRequest, query: Query[shapes.CustomerQuery]) -> dict[str, Any]:
    """How many customers the filters keep, counted to 1,000."""
    found = queries.count(request.viewer, wanted_by(request.viewer, query))
    return {"number": found.number, "capped": found.capped}


@routes.get("/customers/{customer}", answer=shapes.CustomerOut, **READ)
def get_customer(request: ApiRequest, customer: str) -> dict[str, Any]:
    """One file by its public id or its number. Its ETag is what If-Match of a change must name."""
    told = whole(request.viewer, root(request.viewer, customer))
    request.etag = etag_of(told)
    return told


@routes.get("/customers/{customer}/fields/{field}/why", answer=shapes.WhyOut, **READ)
def why_value(request: ApiRequest, customer: str, field: str) -> dict[str, Any]:
    """Why a file shows this value: every statement of the field, by the same rules that made the file."""
    root_id = root(request.viewer, customer)
    if not fields.known(field) or secure.sight(request.viewer, field) == "hidden":
        raise Problem("not_found")
    told = [
        {
            "value": c.text,
            "source": c.source_name,
            "as_of": c.as_of,
            "trust": c.trust_grade,
            "won": c.won,
            "why": c.why,
            "by_staff": c.by_staff_id is not None,
            "state": c.state,
        }
        for c in queries.why(request.viewer, root_id, field)
    ]
    return {"field": field, "masked": secure.sight(request.viewer, field) == "masked", "statements": told}


@routes.get("/customers/{customer}/metrics", answer=shapes.MetricsOut, **READ)
def list_metrics(request: ApiRequest, customer: str) -> dict[str, Any]:
    """Computed figures of a customer."""
    head = queries.header(request.viewer, root(request.viewer, customer))
    if head is None:
        raise Problem("not_found")
    plain = {n: v for n, v in sorted(head.rfm.items()) if isinstance(v, str | int | float | bool)}
    items = [{"family": "rfm", "name": name, "value": value} for name, value in plain.items()]
    return {"as_of": head.rfm_as_of, "items": items}


def root(viewer: Viewer, customer: str) -> int:
    """The root behind an id or a number, or the problem that there is none (whatever the reason)."""
    found = queries.root_of(viewer, customer[:64])
    if found is None:
        raise Problem("not_found")
    return found


def whole(viewer: Viewer, root_id: int) -> dict[str, Any]:
    """A file as the API shows it."""
    head = queries.header(viewer, root_id)
    if head is None:
        raise Problem("not_found")
    values = [v for group in queries.field_groups(viewer, root_id) for v in group.fields if v.is_known]
    return {
        **line(head.row),
        "sources": list(head.sources),
        "absorbed": list(head.absorbed_numbers),
        "fields": {v.name: _field(v) for v in values if v.name in shapes.STATED},
        "custom": {v.name.removeprefix(fields.CUSTOM_PREFIX): _field(v) for v in values if fields.is_custom(v.name)},
    }


def etag_of(told: dict[str, Any]) -> str:
    """The state of a file as one token sees it."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def _field(value: FieldValue) -> dict[str, Any]:
    return {
        "value": value.typed or value.text,
        "masked": value.sight != "shown",
        "source": value.source_name,
        "as_of": value.as_of,
        "others": value.others_count,
        "state": value.state,
        "origins": value.origin_count,
    }


def line(row: RegisterRow) -> dict[str, Any]:
    """A line of the register; what is empty is left out."""
    told = {
        "id": row.public_id,
        "number": row.number,
        "kind": row.kind,
        "name": row.name,
        "sex": row.sex,
        "province": row.province,
        "city": row.city,
        "stage": row.stage,
        "owner": row.owner_staff_id,
        "tags": [tag.name for tag in row.tags],
        "has_phone": row.has_phone,
        "has_email": row.has_email,
        "phone_state": row.phone_state,
        "email_state": row.email_state,
        "order_count": row.order_count,
        "net_cents": row.net_cents,
        "first_order_at": row.first_order_at,
        "last_order_at": row.last_order_at,
        "rfm_class": row.rfm_class,
        "rfm_cell": row.rfm_cell,
    }
    kept = {name: value for name, value in told.items() if value not in ("", None)}
    return kept | {"source": row.source_name, "created_at": row.created_at, "archived": row.archived}


def wanted_by(viewer: Viewer, query: shapes.CustomerQuery) -> RegisterFilter:
    """The filter an address asks for. Raises Problem for what this viewer may not sift by, and for unknown names."""
    given = query.model_dump(exclude={"sort", "after", "limit", "owner", "tag", "source"})
    given |= {"owner_ids": () if query.owner is None else (query.owner,)}
    given |= {"tag_ids": _tag_ids(query.tag), "source_id": _source_id(query.source)}
    for name, value in given.items():
        if value not in ("", None, ()) and not queries.offered(viewer, name):
            raise Problem("field_forbidden", {"field": name})
    return RegisterFilter(**given)


def _tag_ids(names: list[str]) -> tuple[int, ...]:
    known = {tag.name: tag.id for tag in queries.tags()} if names else {}
    for name in names:
        if name not in known:
            raise refused("query.tag", "tag_unknown")
    return tuple(known[name] for name in names)


def _source_id(code: str) -> int | None:
    if not code:
        return None
    for source in queries.sources(archived=True):
        if source.code == code:
            return source.id
    raise refused("query.source", "source_unknown")

"""Tags over the API."""

from typing import Any

from zhike.api.routes import ApiRequest, Routes
from zhike.customers import actions, queries
from zhike.customers.api import shapes
from zhike.customers.api.files import root

routes = Routes("Tags")
_WRITE: dict[str, Any] = {
    "scope": "tags:write", "needs": "customers.tag", "answers": {200: shapes.Tagged}, "takes": ()
}  # fmt: skip


@routes.get("/tags", scope="customers:read", needs="customers.view", answer=shapes.TagList)
def list_tags(request: ApiRequest) -> dict[str, Any]:
    """The tags in use, by name."""
    return {"items": [{"id": tag.id, "name": tag.name} for tag in queries.tags()]}


@routes.write("PUT", "/customers/{customer}/tags/{path:name}", **_WRITE)
def add_tag(request: ApiRequest, customer: str, name: str) -> dict[str, Any]:
    """Put a tag on a customer; it is made on first use."""
    changed = actions.add_tag([root(request.viewer, customer)], name, by=request.viewer)
    return {"id": customer, "changed": bool(changed)}


@routes.write("DELETE", "/customers/{customer}/tags/{path:name}", **_WRITE)
def remove_tag(request: ApiRequest, customer: str, name: str) -> dict[str, Any]:
    """Take a tag off a customer."""
    changed = actions.remove_tag([root(request.viewer, customer)], name, by=request.viewer)
    return {"id": customer, "changed": bool(changed)}

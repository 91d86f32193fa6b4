"""A program that uses the API in the stories: a token of one member of staff, and requests with it."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.cast import hire

ALL_SCOPES = (
    "customers:read", "customers:write", "tags:write", "consents:read", "consents:write", "orders:read", "orders:write",
    "imports:read", "imports:write", "sources:read", "sources:write", "worklists:read", "worklists:write",
    "tasks:read", "tasks:write", "verifications:write", "jobs:read",
    "duplicates:read", "duplicates:write", "truth:read", "truth:write", "customers:merge", "insight:read", "insight:write",
    "credit:read", "credit:write",
)  # fmt: skip


@dataclass
class Program:
    """Sends requests with a token; answers are Django's test responses."""

    text: str
    token: Any
    staff: Any
    _client: Client | None = None

    def __call__(self, method: str, address: str, body: Any = None, **headers: str) -> Any:
        """One request; `headers` are named as in Python: If_Match for If-Match."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named = {"Authorization": f"Bearer {self.text}", "Accept-Language": "en"} | named
        client = self.client()
        data = body if isinstance(body, bytes | str) else "" if body is None else json.dumps(body)
        kind = named.pop("Content-Type", "application/json") if data else "application/octet-stream"
        path = address if address.startswith("/") else f"/api/v1/{address}"
        kind = kind if data else "application/json"
        return client.generic(method, path, data, content_type=kind, headers=named)

    def client(self) -> Client:
        """What sends them: made once, since a new one builds the whole chain of middleware again; it keeps no cookie."""
        if self._client is None:
            self._client = Client(raise_request_exception=False)
        self._client.cookies.clear()
        return self._client

    def get(self, address: str, **headers: str) -> Any:
        return self("GET", address, **headers)


def program(role: str = "owner", *scopes: str, staff: Any = None, **given: Any) -> Program:
    """A program of somebody with a role, with all scopes unless some are named."""
    import dataclasses

    from zhike.api import actions
    from zhike.secure import queries

    maker = staff or hire(role)
    viewer = queries.viewer_of(maker)
    may = dataclasses.replace(viewer, permissions=viewer.permissions | {"api.tokens"})
    token, text = actions.make_token("till", scopes or ALL_SCOPES, by=may, **given)
    return Program(text, token, maker)


def fill(count: int = 3) -> Any:
    """A source, and customers with a phone and an order each."""
    from tests.api.shop import statements
    from zhike.collect.actions import take_run_id
    from zhike.customers import actions as customers
    from zhike.secure import vault
    from zhike.secure.records import LOCAL_OPERATOR
    from zhike.shop import actions as shop

    vault.setup()
    source = customers.add_source(
        code="taobao-1", name="淘宝一店", channel_kind="shop_platform", legal_basis="contract", by=LOCAL_OPERATOR
    )
    run_id = take_run_id()
    tally = shop.record_orders(shop.prepare_orders(source.id, statements(count), run_id=run_id))
    assert list(tally.problems) == []
    for step in (shop.finish_run(run_id), customers.finish_run(run_id)):
        for _ in step:
            pass
    return source

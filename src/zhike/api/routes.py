"""Declaring the API: each module writes its operations in `<module>/api.py` on a `Routes`, and every one names its scope.

    routes = Routes("Tags")

    @routes.get("/tags", scope="customers:read", needs="customers.view", answer=TagList)
    def list_tags(request: ApiRequest) -> dict[str, Any]: ...

The function parses nothing and checks no rights: that is done before it is called. It calls one action or query and
answers with plain dicts; what is None is left out.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from ninja import Router

from zhike.api.problems import Problem
from zhike.api.records import Caller
from zhike.secure.permissions import registry
from zhike.secure.records import Viewer

Answers = Mapping[int, Any]
JSON = ("application/json",)
FILE = (
    "application/octet-stream",
    "text/csv",
    "application/jsonl",
    "application/x-ndjson",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/gzip",
    "application/zip",
)  # fmt: skip


class ApiRequest(HttpRequest):
    """A request that passed the gate."""

    caller: Caller
    viewer: Viewer
    etag: str  # an answer's own ETag, where the route knows a better one than the digest of its body
    body_digest: str  # of a file, once it came


@dataclass(frozen=True)
class Right:
    """What an operation asks of its caller, and how it treats its body; ninja calls it before it parses anything."""

    scope: str
    needs: str
    takes: tuple[str, ...] = ()
    most_bytes: int = 0
    is_write: bool = False
    if_match: bool = False
    may_be_stale: bool = False

    def __call__(self, request: ApiRequest) -> Caller:
        """The caller, or the problem why not."""
        caller = request.caller
        if self.scope and self.scope not in caller.token.scopes:
            raise Problem("scope_missing", {"scope": self.scope})
        if self.needs and not caller.viewer.can(self.needs):
            raise Problem("permission_missing", {"permission": self.needs})
        return caller


class Routes(Router):
    """The operations of one subject; `tag` is its heading in the reference."""

    def __init__(self, tag: str) -> None:
        super().__init__(tags=[tag])

    def get(self, path: str, *, scope: str, needs: str, answer: Any) -> Callable[[Any], Any]:  # type: ignore[override]
        """A read: paged, conditional, without effect."""
        return self._operation("GET", path, Right(scope, needs), {200: answer})

    def ask(self, path: str, *, scope: str, needs: str, answer: Any) -> Callable[[Any], Any]:
        """A read whose question must not stand in an address: POST without effect."""
        return self._operation("POST", path, Right(scope, needs, JSON, BODY_BYTES), {200: answer})

    def write(
        self,
        method: str,
        path: str,
        *,
        scope: str,
        needs: str,
        answers: Answers,
        takes: tuple[str, ...] = JSON,
        most_bytes: int = 0,
        if_match: bool = False,
        may_be_stale: bool = False,
    ) -> Callable[[Any], Any]:
        """A write: with Idempotency-Key once; its answers hold ids, codes and counts, nothing personal.

        `takes=()` for operations without a body; FILE for a body that is a file; `if_match`: the caller must name the
        state that is changed; `may_be_stale`: it may, in the body.
        """
        right = Right(scope, needs, takes, most_bytes or BODY_BYTES, True, if_match, may_be_stale)
        return self._operation(method, path, right, answers)

    def _operation(self, method: str, path: str, right: Right, answers: Answers) -> Callable[[Any], Any]:
        if right.needs and right.needs not in registry():
            raise KeyError(f"unknown permission {right.needs}")

        def decorate(function: Any) -> Any:
            name = function.__name__
            summary = (function.__doc__ or name).strip().split("\n")[0]
            declare = self.api_operation(
                [method],
                path,
                auth=right,
                response=dict(answers),
                operation_id=name,
                url_name=name,
                summary=summary,
                exclude_none=True,
                openapi_extra={"x-zhike-right": right},
            )
            return declare(function)

        return decorate


BODY_BYTES = 1_000_000
BULK_BYTES = 5_000_000

"""The client: one method an operation, pages as iterators, repetition without double effect."""

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote

import httpx

from zhike_client.problem import Problem

Json = dict[str, Any]
_AGAIN = frozenset({409, 429, 500, 502, 503, 504})
_OVER = frozenset({"done", "failed", "paused", "undone"})


class Zhike:
    """One installation, seen with one token. Use it as a context manager, or call `close`.

    `attempts`: how often a request is sent at most when the line breaks or the house asks to come again (429, 5xx, and
    409 while the same request is still at work). `language`: of the words of problems, `zh-hans` or `en`.
    """

    def __init__(
        self,
        address: str,
        token: str,
        *,
        language: str = "zh-hans",
        timeout_s: float = 30.0,
        attempts: int = 5,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
        self._http = httpx.Client(
            base_url=address.rstrip("/") + "/api/v1/", headers=headers, timeout=timeout_s, transport=transport
        )
        self._attempts = max(attempts, 1)

    def __enter__(self) -> "Zhike":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    # -- what everything stands on

    def get(self, path: str, **parameters: Any) -> Json:
        """One read. Parameters that are None are left out; lists are repeated."""
        return cast(Json, self._send("GET", path, params=_plain(parameters)).json())

    def pages(self, path: str, **parameters: Any) -> Iterator[Json]:
        """The items of a list, page after page to its end."""
        while True:
            page = self.get(path, **parameters)
            yield from page["items"]
            if not page.get("next"):
                return
            parameters["after"] = page["next"]

    def write(self, method: str, path: str, body: Any = None, *, key: str = "", **headers: str) -> Json:
        """One write. `key` is its Idempotency-Key: give one of your own to repeat it even after a restart."""
        named = {"Idempotency-Key": key or uuid.uuid4().hex, **headers}
        answer = self._send(method, path, json=body, headers=named)
        return cast(Json, answer.json()) if answer.content else {}

    # -- customers

    def customers(self, **filters: Any) -> Iterator[Json]:
        """Customers by the filters of the register: kind, stage, city, tag, orders_min, last_from …"""
        return self.pages("customers", **filters)

    def customer(self, customer: str) -> Json:
        """One file by id or number. Its `etag` is what `change_customer` wants."""
        answer = self._send("GET", f"customers/{_part(customer)}")
        return {**answer.json(), "etag": answer.headers["ETag"]}

    def search(self, kind: str, value: str) -> list[Json]:
        """Customers by an exact identifier: number, phone, email, platform_id, platform_handle, order_number."""
        answer = self._send("POST", "customers/search", json={"kind": kind, "value": value})
        return cast(list[Json], answer.json()["items"])

    def record_customer(self, source: str, key: tuple[str, str], fields: Mapping[str, str], **more: Any) -> Json:
        """What a source says of one customer; `more`: as_of, kind, custom. Answers id and outcome."""
        body = {"source": source, "key": {"kind": key[0], "value": key[1]}, "fields": dict(fields), **more}
        return self.write("POST", "customers", body)

    def record_customers(self, items: Iterable[Json], *, key: str = "") -> Json:
        """Up to 5,000 statements at once; follow the import of the answer with `wait`."""
        return self.write("POST", "customers/bulk", {"items": list(items)}, key=key)

    def change_customer(self, customer: str, fields: Mapping[str, str], *, etag: str) -> Json:
        """Enter values on a file; Problem `changed_meanwhile` when it is no longer in the state of the ETag."""
        return self.write("PATCH", f"customers/{_part(customer)}", {"fields": dict(fields)}, **{"If-Match": etag})

    def why(self, customer: str, field: str) -> list[Json]:
        """Every statement of a field, the winner first."""
        told = self.get(f"customers/{_part(customer)}/fields/{_part(field)}/why")
        return cast(list[Json], told["statements"])

    def timeline(self, customer: str, **filters: Any) -> Iterator[Json]:
        """What happened with a customer, newest first."""
        return self.pages(f"customers/{_part(customer)}/timeline", **filters)

    def add_tag(self, customer: str, name: str) -> bool:
        """Put a tag on a customer; whether it was not there."""
        return bool(self.write("PUT", f"customers/{_part(customer)}/tags/{_part(name)}")["changed"])

    def remove_tag(self, customer: str, name: str) -> bool:
        """Take a tag off a customer; whether it was there."""
        return bool(self.write("DELETE", f"customers/{_part(customer)}/tags/{_part(name)}")["changed"])

    # -- orders

    def orders(self, **filters: Any) -> Iterator[Json]:
        """Orders, newest first: status, source, customer, ordered_from …"""
        return self.pages("orders", **filters)

    def order(self, order: str) -> Json:
        """One order whole."""
        return self.get(f"orders/{_part(order)}")

    def record_order(self, order: Mapping[str, Any]) -> Json:
        """What a source says of one order. Answers id, outcome and notes."""
        return self.write("POST", "orders", dict(order))

    def record_orders(self, items: Iterable[Json], *, key: str = "") -> Json:
        """Up to 5,000 orders at once; follow the import of the answer with `wait`."""
        return self.write("POST", "orders/bulk", {"items": list(items)}, key=key)

    # -- imports

    def upload(self, file: Path, *, content_type: str = "application/octet-stream") -> Json:
        """Send a file, streamed; answers the import it became."""
        with file.open("rb") as stream:
            parameters = {"file_name": file.name}
            headers = {"Content-Type": content_type, "Idempotency-Key": uuid.uuid4().hex}
            return cast(Json, self._send("POST", "imports", params=parameters, content=stream, headers=headers).json())

    def describe(self, import_id: str, source: str, **what: str) -> Json:
        """Say what a file is: template, or mapping (YAML), kind, encoding; and which source it comes from."""
        return self.write("PUT", f"imports/{_part(import_id)}/description", {"source": source, **what})

    def steer(self, import_id: str, act: str) -> Json:
        """check, start, pause, resume or undo an import."""
        return self.write("POST", f"imports/{_part(import_id)}/{_part(act)}")

    def wait(self, import_id: str, *, every_s: float = 1.0, most_s: float = 3600.0) -> Json:
        """The import once its job is over, however it ended. Raises TimeoutError."""
        until = time.monotonic() + most_s
        while True:
            found = self.get(f"imports/{_part(import_id)}")
            if found["state"] in _OVER | {"checked"}:
                return found
            if time.monotonic() > until:
                raise TimeoutError(f"import {import_id} is still {found['state']}")
            time.sleep(every_s)

    def rejects(self, import_id: str) -> list[Json]:
        """The first rows with problems."""
        return cast(list[Json], self.get(f"imports/{_part(import_id)}/rejects")["items"])

    # -- sending

    def _send(self, method: str, path: str, **what: Any) -> httpx.Response:
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            try:
                _rewind(what.get("content"))
                answer = self._http.request(method, path, **what)
            except httpx.TransportError:
                if last:
                    raise
                time.sleep(_pause_s(attempt, None))
                continue
            if answer.is_success:
                return answer
            if last or answer.status_code not in _AGAIN or not _may_repeat(answer):
                raise _problem(answer)
            time.sleep(_pause_s(attempt, answer.headers.get("Retry-After")))
        raise AssertionError("a request is sent at least once")


def _may_repeat(answer: httpx.Response) -> bool:
    """A conflict passes by itself only while the same request is still at work; lookups come back in an hour."""
    code = _told(answer).get("code")
    return code not in ("state_conflict", "too_many_lookups")


def _pause_s(attempt: int, asked: str | None) -> float:
    return min(float(asked), 60.0) if asked and asked.isdecimal() else min(0.25 * 2**attempt, 10.0)


def _problem(answer: httpx.Response) -> Problem:
    return Problem(answer.status_code, _told(answer))


def _told(answer: httpx.Response) -> Json:
    if not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return {}
    return cast(Json, answer.json())


def _rewind(content: BinaryIO | None) -> None:
    if content is not None:
        content.seek(0)


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    def text(value: Any) -> Any:
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.isoformat() if hasattr(value, "isoformat") else value

    given = {name: value for name, value in parameters.items() if value is not None}
    return {
        name: [text(v) for v in value] if isinstance(value, list | tuple) else text(value)
        for name, value in given.items()
    }


def _part(text: str) -> str:
    """A part of an address: whatever stands in it stays in it."""
    return quote(str(text), safe="")

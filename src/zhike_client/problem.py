"""What the API refuses, as an exception."""

from typing import Any


class Problem(Exception):
    """A refusal (RFC 9457): `code` never changes, `detail` says what to do, `errors` name places in the request.

    `code` is `unreadable` for an answer that is no problem document (a proxy's error page).
    """

    def __init__(self, status: int, told: dict[str, Any]) -> None:
        self.status = status
        self.code: str = told.get("code", "unreadable")
        self.title: str = told.get("title", "")
        self.detail: str = told.get("detail", "")
        self.errors: list[dict[str, str]] = told.get("errors", [])
        places = "; ".join(f"{e['where']}: {e['message']}" for e in self.errors)
        super().__init__(" ".join(part for part in (f"{status} {self.code}", self.title, self.detail, places) if part))

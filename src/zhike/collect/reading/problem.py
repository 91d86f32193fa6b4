"""Why a whole file cannot be read."""

from typing import Any


class FileProblem(Exception):
    """A file as a whole cannot be used: a code of `collect.reasons` and safe parameters (positions, names of columns)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

"""The one exception of this package: a code and safe parameters, never prose, never the value."""

from __future__ import annotations


class ValueProblem(ValueError):
    """A single value could not be normalized.

    ``code`` is a stable dotted code such as ``phone.too_short``; ``params`` holds counts and
    names of rules only. The raw value is personal data and must never be put here, because
    exceptions end in logs, job rows and error pages.
    """

    def __init__(self, code: str, **params: int | str | None) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    def __repr__(self) -> str:
        return f"ValueProblem({self.code!r})"

    def __reduce__(self) -> tuple[object, ...]:
        # The default would call ValueProblem(code) and lose the parameters between processes.
        return (_rebuild, (self.code, self.params))


def _rebuild(code: str, params: dict[str, int | str | None]) -> ValueProblem:
    return ValueProblem(code, **params)

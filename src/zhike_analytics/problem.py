"""Codes with safe parameters instead of messages: the words for them live with the product."""

from __future__ import annotations


class MeasureProblem(ValueError):
    """A measure cannot be computed as asked. ``code`` is stable (``rfm.as_of_before_last_order``);
    ``params`` holds days, counts, column and option names, never values of persons."""

    def __init__(self, code: str, **params: int | str | None) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({told})" if told else self.code

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (self.code, self.params))


def _rebuild(code: str, params: dict[str, int | str | None]) -> MeasureProblem:
    return MeasureProblem(code, **params)

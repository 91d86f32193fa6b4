"""Zhike's measures as a library: Ibis tables in, Ibis tables out; ``values`` for single values.

Importing this package is fast: Ibis, DuckDB and pandas are loaded with the first measure used.
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "rfm": "rfm",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])

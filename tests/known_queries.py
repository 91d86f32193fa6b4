"""What a measure asks is put into SQL once a process: that takes more of the processor than the engine's answers do.

The text depends on the expression alone, and it is asked anew each time, of the rows of each test. Many tests ask the same of
other rows. For that, tables the engine keeps are named after what they hold instead of by chance, and one engine in memory
counts as good as another where expressions are held against each other.
"""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

_NOT_YET: list[bool] = [True]


def remember() -> None:
    """From now on; where no measure was run yet there is nothing to remember, and Ibis is not imported for it."""
    if not (_NOT_YET and "ibis.backends.duckdb" in sys.modules):
        return
    _NOT_YET.clear()
    from ibis.backends.duckdb import Backend
    from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

    usual_text, usual_tree, usual_keeping = Backend.compile, DuckDBCompiler.to_sqlglot, Backend._create_cached_table
    texts: dict[Any, str] = {}
    trees: dict[Any, Any] = {}
    names: dict[Any, str] = {}

    def text(self: Any, expression: Any, /, *, limit: Any = None, params: Any = None, pretty: bool = False) -> str:
        if params:
            return usual_text(self, expression, limit=limit, params=params, pretty=pretty)
        key = (expression.op(), limit, pretty)
        if key not in texts:
            texts[key] = usual_text(self, expression, limit=limit, pretty=pretty)
        return texts[key]

    def tree(self: Any, expression: Any, *, limit: Any = None, params: Any = None) -> Any:
        if params:
            return usual_tree(self, expression, limit=limit, params=params)
        key = (expression.op(), limit)
        if key not in trees:
            trees[key] = usual_tree(self, expression, limit=limit)
        return trees[key].copy()  # it becomes a part of the statement around it

    def keep(self: Any, _by_chance: str, expression: Any) -> Any:
        return usual_keeping(self, names.setdefault(expression.op(), f"ibis_kept_{len(names)}"), expression)

    Backend.compile, DuckDBCompiler.to_sqlglot, Backend._create_cached_table = text, tree, keep
    Backend.db_identity = property(lambda _self: "an engine in memory")


@pytest.fixture(autouse=True)
def _known_queries() -> Iterator[None]:
    remember()
    yield
    remember()

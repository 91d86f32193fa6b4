"""Whole tables, row by row, for before and after."""

from typing import Any

from zhike.customers.models import (
    Customer,
    CustomerCard,
    CustomerTag,
    Lookup,
    Metric,
    NameToken,
    SourceRecord,
    SourceVersion,
)

MOVES_ON = ("change_seq", "updated_at")  # when a row was written last, not what it says
TABLES: tuple[Any, ...] = (
    *(Customer, CustomerCard, CustomerTag, Lookup, Metric, NameToken, SourceRecord, SourceVersion),
)


def whole_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of everything that hangs on customers, but for the numbers of its last writing."""
    return {model.__name__: _rows(model) for model in TABLES}


def _rows(model: Any) -> list[dict[str, Any]]:
    names = [f.name for f in model._meta.concrete_fields if f.name not in MOVES_ON]
    plain = ({k: _plain(v) for k, v in row.items()} for row in model.objects.values(*names))
    return sorted(plain, key=lambda row: [str(v) for v in row.values()])


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value

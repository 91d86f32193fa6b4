"""Which tables travel, column by column. All of the product's tables do, but for those named here with the reason.

A new table travels by itself; a new column of a kind unknown here is refused by the first test that looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.db.models import Field, Model

from zhike.secure.subjects import SealedColumn, sealed_columns

# Table → why it stays. What belongs to one machine or is a credential does not move house.
STAYS = {
    "kit_job": "machine",
    "kit_handled_event": "machine",
    "kit_schedule_mark": "machine",
    "kit_change_counter": "machine",
    "protect_backuprun": "machine",
    "protect_canary": "machine",
    "secure_tally": "machine",
    "desk_export": "file",
    "analyze_cubeanswer": "machine",
    "api_receipt": "machine",
    "api_token": "credential",
    "secure_invitation": "credential",
    "keyring_file_key": "key",
}
# (table, column) → why it stays; `*` stands for every table.
COLUMNS_STAY = {
    ("*", "change_seq"): "machine",
    ("*", "job_id"): "machine",
    ("secure_staff", "password"): "credential",
    ("reach_mailsettings", "password"): "credential",
    ("secure_staff", "last_login"): "machine",
    ("keyring_record_key", "wrapped"): "key",
    ("keyring_record_key", "kek_version"): "key",
}
# Of the keyring only what says that something is gone: so that it stays gone.
ONLY = {"keyring_record_key": "destroyed_at IS NOT NULL"}
# These come first, whatever points where: a value is not sealed anew for a record whose key was destroyed.
FIRST = ("keyring_tombstone", "keyring_record_key")

_KINDS = {
    "BigIntegerField": "number",
    "BigAutoField": "number",
    "IntegerField": "number",
    "SmallIntegerField": "number",
    "PositiveIntegerField": "number",
    "PositiveSmallIntegerField": "number",
    "ForeignKey": "number",
    "OneToOneField": "number",
    "FloatField": "number",
    "CharField": "text",
    "SlugField": "text",
    "TextField": "text",
    "BooleanField": "flag",
    "DateTimeField": "moment",
    "DateField": "day",
    "JSONField": "json",
    "BinaryField": "bytes",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that travels: its name and kind (number, text, flag, moment, day, json, bytes, sealed)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table that travels, in the order of its key."""

    name: str
    alias: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    staying: tuple[str, ...]
    where: str
    sealed: SealedColumn | None
    model: type[Model]


@cache
def travelling() -> tuple[Table, ...]:
    """Every table that travels, those pointed at before those that point."""
    found = {model._meta.db_table: _table(model) for model in _models() if model._meta.db_table not in STAYS}
    order = TopologicalSorter({name: _pointed_at(table.model) - {name} for name, table in found.items()})
    rest = [name for name in order.static_order() if name in found and name not in FIRST]
    return tuple(found[name] for name in (*FIRST, *rest))


def _models() -> Iterator[type[Model]]:
    for app in apps.get_app_configs():
        if app.name.startswith("zhike."):
            yield from sorted(app.get_models(include_auto_created=True), key=lambda m: m._meta.db_table)


def _pointed_at(model: type[Model]) -> set[str]:
    return {f.related_model._meta.db_table for f in model._meta.concrete_fields if f.is_relation}  # type: ignore[union-attr]


def _table(model: type[Model]) -> Table:
    name = model._meta.db_table
    fields = [(f, f.column) for f in model._meta.concrete_fields if f.column]
    staying = tuple(column for _, column in fields if not _travels(name, column))
    sealed = next((c for c in sealed_columns() if c.table == name), None)
    return Table(
        name=name,
        alias="keyring" if name.startswith("keyring_") else "default",
        key=tuple(str(f.column) for f in model._meta.pk_fields),
        columns=tuple(Column(column, _kind(f, sealed)) for f, column in fields if column not in staying),
        staying=staying,
        where=ONLY.get(name, ""),
        sealed=sealed,
        model=model,
    )


def _travels(table: str, column: str) -> bool:
    return (table, column) not in COLUMNS_STAY and ("*", column) not in COLUMNS_STAY


def _kind(field: Field, sealed: SealedColumn | None) -> str:
    if sealed is not None and field.column == sealed.column:
        return "sealed"
    return _KINDS[field.get_internal_type()]

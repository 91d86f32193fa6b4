"""The subject registry: which modules hold something of an erased subject, and which columns hold seals.

A module registers once at start-up. After every restore the tombstones are replayed through it, so that an older backup
does not bring erased people back.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from zhike.kit import clock
from zhike.secure.models import Tombstone

Eraser = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column of seals: its table and name, the columns of the row's id and of the record whose key seals it."""

    table: str
    column: str
    row_column: str
    record_column: str
    context: str


@dataclass(frozen=True, slots=True)
class SealedFiles:
    """Files sealed under source records: the table that names them, the columns of name and record, where each lies."""

    table: str
    name_column: str
    record_column: str
    place: Callable[[str], Path]


_erasers: dict[str, list[Eraser]] = {}
_groups: dict[str, Callable[[int], Iterable[int]]] = {}
_columns: list[SealedColumn] = []
_files: list[SealedFiles] = []


def on_erase(kind: str, eraser: Eraser) -> None:
    """Call `eraser(subject_id)` when a subject of this kind is erased, and again after each restore; it must be repeatable."""
    _erasers.setdefault(kind, []).append(eraser)


def sealed_column(column: SealedColumn) -> None:
    """Name a column of seals: restore drills open a sample of each."""
    if column not in _columns:
        _columns.append(column)


def sealed_columns() -> list[SealedColumn]:
    """The columns named so far."""
    return list(_columns)


def sealed_files(kind: SealedFiles | None = None) -> list[SealedFiles]:
    """The kinds of files sealed under records, with `kind` added to them when given."""
    if kind is not None and kind not in _files:
        _files.append(kind)
    return list(_files)


def same_subject(kind: str, group: Callable[[int], Iterable[int]]) -> None:
    """Name whoever is one and the same as a subject (customers merged into one file): they are erased together."""
    _groups[kind] = group


def bury(kind: str, subject_id: int, reason: str) -> None:
    """Write the tombstones of an erased subject (in the keyring) and erase it now.

    Each of a merged group gets a stone of its own: a backup from before the merge knows them apart.
    """
    for own in {subject_id, *_groups.get(kind, lambda _: ())(subject_id)}:
        Tombstone.objects.get_or_create(kind=kind, subject_id=own, defaults={"reason": reason, "at": clock.now()})
    _erase(kind, subject_id)


def replay() -> int:
    """Erase again everything that has a tombstone; how many. Run after every restore."""
    stones = list(Tombstone.objects.order_by("pk").values_list("kind", "subject_id"))
    for kind, subject_id in stones:
        _erase(kind, subject_id)
    return len(stones)


def _erase(kind: str, subject_id: int) -> None:
    with transaction.atomic():
        for eraser in _erasers.get(kind, []):
            eraser(subject_id)

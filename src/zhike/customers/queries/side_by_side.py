"""Files beside each other: what each shows, where they differ, and which value would stand if they were one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhike.customers import cards
from zhike.customers.queries.file import field_groups
from zhike.customers.records import FieldValue
from zhike.customers.survivorship import LiveVersion, golden
from zhike.secure.records import Viewer


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One field over several files, as one viewer may see it.

    `values` one a file (None: it has no such field). `agrees` is True when all known values are equal, False when they
    differ, None when fewer than two files know it; sealed values are compared without being opened. `stands` is the
    place of the file whose value would stand in one file made of all (None: nobody knows it).
    """

    name: str
    label: str
    group: str
    values: tuple[FieldValue | None, ...]
    agrees: bool | None
    stands: int | None

    @property
    def is_known(self) -> bool:
        """Whether any file knows it."""
        return any(value is not None and value.is_known for value in self.values)


def side_by_side(viewer: Viewer, customer_ids: Sequence[int]) -> list[SideBySide]:
    """The fields of several files in the order of the file. A file outside the viewer's scope shows nothing."""
    groups = [field_groups(viewer, one) for one in customer_ids]
    shown: list[dict[str, FieldValue]] = [{v.name: v for group in own for v in group.fields} for own in groups]
    if not all(shown):
        return []
    live: list[list[LiveVersion]] = [[] for _ in customer_ids]
    for root_id, version in cards.live_versions(customer_ids):
        live[list(customer_ids).index(root_id)].append(version)
    of_version = {version.id: at for at, own in enumerate(live) for version in own}
    apart = [golden(own) for own in live]
    together = golden([version for own in live for version in own])
    names = list(dict.fromkeys(name for own in shown for name in own))
    return [_row(name, shown, apart, together, of_version) for name in names]


def _row(
    name: str,
    shown: list[dict[str, FieldValue]],
    apart: list[dict[str, tuple[int, Any]]],
    together: dict[str, tuple[int, Any]],
    of_version: dict[int, int],
) -> SideBySide:
    values = tuple(own.get(name) for own in shown)
    first = next(value for value in values if value is not None)
    known = [_comparable(won[name][1]) for won in apart if name in won]
    agrees = None if len(known) < 2 else len(set(known)) == 1
    stands = of_version[together[name][0]] if name in together else None
    return SideBySide(name, first.label, first.group, values, agrees, stands)


def _comparable(fact: Any) -> str:
    """A sealed value by its digest, an open one by itself."""
    return str(fact.get("k", "")) if isinstance(fact, dict) else str(fact)

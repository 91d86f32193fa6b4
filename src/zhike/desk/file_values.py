"""The left pane of a file: what is known in its groups, what may be filled in, how complete the file is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zhike.customers import queries as customers
from zhike.customers.records import FieldGroup, FieldValue
from zhike.secure.records import Viewer

_OPEN_ROWS = 16  # groups stand open, in their order, until so many values are on the screen; the rest opens by a click


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as the page lays it out: rows that are known, names that may be filled in."""

    code: str
    label: str
    known: tuple[FieldValue, ...]
    empty: tuple[FieldValue, ...]
    is_open: bool

    @property
    def size(self) -> int:
        """How many of its fields the viewer may know of or fill in."""
        return len(self.known) + len(self.empty)


def values_context(viewer: Viewer, customer_id: int, stage: str, first: Sequence[str] = ()) -> dict[str, Any]:
    """What the values' template needs: groups with something in them, empty groups behind one heading, the score.

    `first` are the groups of the view the file is read in: they stand first, in its order, and open as far as they go.
    """
    found = customers.field_groups(viewer, customer_id)
    places = {code: place for place, code in enumerate(first)}
    groups, rows = [], 0
    for group in sorted(found, key=lambda g: places.get(g.code, len(places))):
        rows += sum(v.is_known for v in group.fields)
        shown = _shown(group, is_open=rows <= _OPEN_ROWS and (not first or group.code in places))
        groups += [shown] if shown.size else []
    return {
        "groups": [group for group in groups if group.known],
        "empty_groups": [group for group in groups if not group.known],
        "completeness": customers.completeness(found, stage),
    }


def empty_of(viewer: Viewer, customer_id: int, code: str) -> tuple[FieldValue, ...]:
    """The fields of one group that nobody filled in and the viewer may; none for a group there is not."""
    groups = (group for group in customers.field_groups(viewer, customer_id) if group.code == code)
    return next((_shown(group, is_open=True).empty for group in groups), ())


def _shown(group: FieldGroup, *, is_open: bool) -> ShownGroup:
    return ShownGroup(
        group.code,
        group.label,
        tuple(v for v in group.fields if v.is_known),
        tuple(v for v in group.fields if not v.is_known and v.can_edit),
        is_open,
    )

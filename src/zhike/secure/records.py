"""What crosses the door of `secure`: the person acting, and references to sealed values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Sight = Literal["shown", "masked", "hidden"]
Scope = Literal["own", "team", "all"]
Ref = tuple[str, int | str]


@dataclass(frozen=True, slots=True)
class Rights:
    """What one viewer may do with one field. `export` means: the field may leave in the form the viewer sees it."""

    see: Sight = "hidden"
    reveal: bool = False
    edit: bool = False
    export: bool = False


NOTHING = Rights()
EVERYTHING = Rights("shown", True, True, True)


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person (or machine) for whom something is done; every action takes one as `by`.

    `rules` maps a field name, or `class:personal` for fields registered later, to Rights; what is missing is refused.
    `policy_fingerprint` is equal for two viewers exactly when they see, field by field, the same: rendered fragments
    may be shared by it.
    """

    staff_id: int | None
    label: str
    role_codes: tuple[str, ...] = ()
    permissions: frozenset[str] = frozenset()
    scope: Scope = "own"
    team_staff_ids: frozenset[int] = frozenset()
    rules: Mapping[str, Rights] = field(default_factory=lambda: MappingProxyType({}), compare=False)
    policy_fingerprint: str = "nothing"
    reveals_per_hour: int = 0
    is_machine: bool = False
    needs_second_factor: bool = False
    sessions_at_most: int = 5
    idle_minutes: int = 0

    def can(self, permission: str) -> bool:
        """Whether the viewer holds a permission (machines hold all)."""
        return self.is_machine or permission in self.permissions

    def scope_staff_ids(self) -> frozenset[int] | None:
        """Owners whose customers the viewer may see; None means all customers."""
        if self.scope == "all":
            return None
        own = frozenset() if self.staff_id is None else frozenset({self.staff_id})
        return own if self.scope == "own" else own | self.team_staff_ids


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as others write to them: what they are called, and in which language."""

    staff_id: int
    name: str
    locale: str
    is_active: bool


SYSTEM = Viewer(None, "system", ("system",), scope="all", policy_fingerprint="machine", is_machine=True)
LOCAL_OPERATOR = Viewer(
    None, "local operator", ("local_operator",), scope="all", policy_fingerprint="machine", is_machine=True
)
NOBODY = Viewer(None, "")


@dataclass(frozen=True, slots=True)
class SealedRef:
    """Where a sealed payload lies: column, row, whose key, and the bytes. Decrypts to a JSON object {field: value}."""

    table_column: str
    row_id: int
    record_id: int
    blob: bytes = field(repr=False)

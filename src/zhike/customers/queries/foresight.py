"""What recording statements would do to the customers, asked without recording them."""

from collections.abc import Sequence
from dataclasses import dataclass

from zhike.customers.actions.batch import gather
from zhike.customers.actions.preparation import Preparation
from zhike.customers.records import Statement, Tally

_NO_SOURCE = (0, 0, False)  # a source that is still to be registered knows nobody


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one key of a source: `record_id` where it is known, `joins` the customer it would join."""

    key: str
    record_id: int | None
    joins: int | None
    changes: bool  # says something the record has not said before

    @property
    def outcome(self) -> str:
        """One of new, joined, updated, unchanged."""
        if self.record_id is not None:
            return "updated" if self.changes else "unchanged"
        return "new" if self.joins is None else "joined"


def foresee(source_id: int | None, statements: Sequence[Statement]) -> list[Foreseen | None]:
    """What each statement would do, as `actions.prepare_statements` would count it; None for one it would refuse.

    Writes nothing, not even data keys. `source_id` None: a source that is not registered yet.
    """
    return _Foresight(source_id).of_all(statements)


class _Foresight(Preparation):
    def __init__(self, source_id: int | None) -> None:
        if source_id is not None:
            super().__init__(source_id, 0)
        else:
            self.source = _NO_SOURCE

    def of_all(self, statements: Sequence[Statement]) -> list[Foreseen | None]:
        said, keys = gather(statements, Tally())
        known = self._known_records(said)
        stored = self._stored_versions([record_id for record_id, _ in known.values()])
        joined = self._joins({key: versions for key, versions in said.items() if key not in known})
        found = {key: Foreseen(key, record_id, None, False) for key, record_id in self.erased.items()}
        for key, versions in said.items():
            record_id = known[key][0] if key in known else None
            changes = any((record_id, digest) not in stored for digest in versions)
            found[key] = Foreseen(key, record_id, joined[key][0] if key in joined else None, changes)
        return [found[key] if key is not None else None for key in keys]

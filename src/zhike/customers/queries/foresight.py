"""What recording statements would do to the customers, asked without recording them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhike.customers.actions.batch import gather
from zhike.customers.actions.preparation import Preparation
from zhike.customers.records import Problem, Statement, Tally

_NO_SOURCE = (0, 0, False, "")  # a source that is still to be registered knows nobody


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one key of a source: `record_id` where it is known, `joins` the customer it would join.

    `key` is empty for a statement that names no customer; the fatal one of its `problems` says why.
    """

    key: str
    record_id: int | None
    joins: int | None
    changes: bool  # says something the record has not said before
    problems: tuple[Problem, ...] = ()

    @property
    def outcome(self) -> str:
        """One of new, joined, updated, unchanged; refused where there is no key."""
        if not self.key:
            return "refused"
        if self.record_id is not None:
            return "updated" if self.changes else "unchanged"
        return "new" if self.joins is None else "joined"


def foresee(source_id: int | None, statements: Sequence[Statement]) -> list[Foreseen]:
    """What each statement would do, as `actions.prepare_statements` would count it, and what it would remark on.

    Writes nothing, not even data keys. `source_id` None: a source that is not registered yet.
    """
    return _Foresight(source_id).of_all(statements)


class _Foresight(Preparation):
    def __init__(self, source_id: int | None) -> None:
        if source_id is not None:
            super().__init__(source_id, 0)
        else:
            self.source = _NO_SOURCE

    def of_all(self, statements: Sequence[Statement]) -> list[Foreseen]:
        problems: list[tuple[Problem, ...]] = []
        said, keys = gather(statements, Tally(), problems)
        known = self._known_records(said)
        stored = self._stored_versions([record_id for record_id, _ in known.values()])
        joined = self._joins({key: versions for key, versions in said.items() if key not in known})
        found = {key: Foreseen(key, record_id, None, False) for key, record_id in self.erased.items()}
        for key, versions in said.items():
            record_id = known[key][0] if key in known else None
            changes = any((record_id, digest) not in stored for digest in versions)
            found[key] = Foreseen(key, record_id, joined[key][0] if key in joined else None, changes)
        nobody = Foreseen("", None, None, False)
        return [
            replace(found[key] if key is not None else nobody, problems=remarks)
            for key, remarks in zip(keys, problems, strict=True)
        ]

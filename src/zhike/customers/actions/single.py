"""One statement of a source, recorded at once and to its end: for programs that send customers one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from zhike.customers.actions.batch import StaleBatch
from zhike.customers.actions.finish import finish_run
from zhike.customers.actions.statements import prepare_statements, record_statements
from zhike.customers.records import Problem, Statement
from zhike.kit import ids
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_ATTEMPTS = 5
Outcome = Literal["new", "joined", "updated", "unchanged"]


class StatementRefused(ValueError):
    """A value of the statement cannot be used; nothing was recorded. `problems` say which and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(p.code for p in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where a statement landed, and what it was: `joined` says that its customer was known from another source."""

    record_id: int
    outcome: Outcome


def record_one(source_id: int, statement: Statement, *, by: Viewer) -> Recorded:
    """Record one statement under a run of its own, so that a later one wins. Raises StatementRefused for any bad value.

    Imports take what they can of a row; a program is told at once, and corrects what it sent.
    """
    check(by, "collect.import")
    with transaction.atomic():
        run_id = ids.take("import_run")[0]
    for attempt in range(1, _ATTEMPTS + 1):
        prepared = prepare_statements(source_id, [statement], run_id=run_id)
        (record_id,) = prepared.record_ids
        tally = prepared.tally
        if tally.problems or record_id is None:
            raise StatementRefused(tally.problems)
        outcome: Outcome = (
            "new" if tally.new else "joined" if tally.joined else "updated" if tally.updated else "unchanged"
        )
        detail = {"source": source_id, "run": run_id, "outcome": outcome}
        try:
            with transaction.atomic():
                record_statements(prepared)
                secure.record_audit("statement.recorded", by=by, about=("record", record_id), detail=detail)
        except StaleBatch:
            if attempt == _ATTEMPTS:
                raise
            continue
        for _ in finish_run(run_id):
            pass
        return Recorded(record_id, outcome)
    raise StaleBatch

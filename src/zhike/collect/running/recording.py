"""Recording a file: batches of whole orders or customers, each in one transaction with the cursor that speaks of it."""

import contextlib
import itertools
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import transaction

from zhike.collect.models import ImportRun
from zhike.collect.running import ahead, consenting, tagging
from zhike.collect.running.laying import Laying
from zhike.collect.running.pace import Pace, keep_journal_short, plans_for_few_rows, rare_checkpoints
from zhike.collect.running.prepared_file import PreparedFile
from zhike.collect.statements import Made
from zhike.collect.tracking import recording
from zhike.customers import actions as customers
from zhike.customers.records import Problem
from zhike.kit import bulk, clock, failpoints
from zhike.kit.garbage import garbage_seldom_sought
from zhike.kit.jobs import JobRun
from zhike.secure.records import SYSTEM
from zhike.shop import actions as shop

failpoints.declare(
    "collect.after_prepare",
    "collect.inside_batch",
    "collect.after_batch",
    "collect.before_finish",
    "collect.inside_finish",
)

MOST_NOTES_PER_CODE = 1_000  # odd things that do not keep a row out; rejected rows are all kept
_REJECT = ("run_id", "row_no", "field", "code", "params", "fatal")
_ATTEMPTS = 5


def record_file(file: PreparedFile, job: JobRun) -> None:
    """Record what is not recorded yet, then finish. Stopped anywhere, called again it goes on where it was."""
    recorder = _Recorder(file, job)
    if file.run.phase in ("", ImportRun.ROWS, ImportRun.ROWS_INDEXED):
        index_unfinished(job, besides=file.run.id)
        with garbage_seldom_sought(), rare_checkpoints(), plans_for_few_rows():
            recorder.record_rows()
        file.run.phase = ImportRun.FINISH
        ImportRun.objects.filter(id=file.run.id).update(phase=ImportRun.FINISH)
    failpoints.hit("collect.before_finish")
    with garbage_seldom_sought(), rare_checkpoints(), plans_for_few_rows():
        index = partial(customers.finish_run, held=recorder.held)
        for finish, doing in ((index, "indexing"), (shop.finish_run, "adding_up")):
            count = 0
            job.progress(0, None, doing)
            for done, _ in finish(file.run.id):
                failpoints.hit("collect.inside_finish")
                job.check()
                count += done
                job.progress(count, None, doing)


def index_unfinished(job: JobRun, *, besides: int = 0) -> None:
    """Index what stopped imports recorded so far, once each: the next source must find those customers, and so must staff."""
    for run_id in ImportRun.objects.filter(phase=ImportRun.ROWS).exclude(id=besides).values_list("id", flat=True):
        for _ in customers.index_run(run_id):
            job.check()
        ImportRun.objects.filter(id=run_id, phase=ImportRun.ROWS).update(phase=ImportRun.ROWS_INDEXED)


class _Recorder:
    def __init__(self, file: PreparedFile, job: JobRun) -> None:
        self.file, self.job, self.run = file, job, file.run
        self.counts: dict[str, int] = dict(file.run.counts)
        self.cursor = file.run.group_cursor
        self.pace = Pace()
        # Lookups and tokens of what this process records; what an earlier one recorded is read again at the end.
        self.held = customers.IndexBuffer() if not file.run.phase and not self.cursor else None
        self.zone, self.currency = file.zone, file.currency
        self._by = replace(SYSTEM, staff_id=file.run.by_staff_id) if file.run.by_staff_id else SYSTEM

    def record_rows(self) -> None:
        """All batches that are left."""
        total = self.file.layout.group_count
        self.job.progress(self.cursor, total, "recording")
        laying = Laying()
        with contextlib.closing(self._read()) as made, contextlib.ExitStack() as at_the_end:
            at_the_end.callback(laying.end)
            for batch in _batches(made, self.pace):
                self._record(batch)
                failpoints.hit("collect.after_batch")
                if self.held is not None and self.held.is_full:
                    laying.lay(self.held)
                    self.held = customers.IndexBuffer()
                keep_journal_short()
                self.job.check()
                self.job.progress(self.cursor, total, "recording")

    def _keep_to_index(self, prepared: customers.PreparedStatements) -> None:
        if self.held is not None:
            self.held.take(prepared)

    def _read(self) -> Generator[Made, None, None]:
        """What the groups that are left come to; those of a large file are read by a second process ahead of this one."""
        at, kind = self.cursor, self.file.mapping.kind
        left = self.file.layout.group_count - at
        rows_left = self.file.layout.row_count * left // max(self.file.layout.group_count, 1)
        if kind in ("customers", "orders") and rows_left >= ahead.LEAST_ROWS:
            with contextlib.closing(ahead.Ahead(self.run.id, at, left, of_orders=kind == "orders")) as other:
                for made in other:
                    at += 1
                    yield made
            if other.is_whole:
                return
        build = self.file.builder.build
        for group in itertools.islice(self.file.groups(), at, None):
            yield build(group)

    def _record(self, batch: list[Made]) -> None:
        kinds = {"orders": self._record_orders, "customers": self._record_customers, "tags": self._record_tags, "visits": self._record_visits}  # fmt: skip
        kinds.get(self.file.mapping.kind, self._record_stated)(batch)

    def _record_orders(self, batch: list[Made]) -> None:
        orders = [made.order for made in batch if made.order is not None]
        source_id = self._source_id()
        prepared = shop.prepare_orders(source_id, orders, run_id=self.run.id, zone=self.zone, currency=self.currency)
        failpoints.hit("collect.after_prepare")
        within = self._within(batch, prepared.tally.problems, _counts_of(prepared.tally))
        with self.pace.measured(_rows_of(batch)):
            shop.record_orders(prepared, within=within, lookups_later=True)
        self._keep_to_index(prepared.statements)
        self._moved_on(batch)

    def _record_customers(self, batch: list[Made]) -> None:
        statements = [made.customer for made in batch if made.customer is not None]
        for attempt in range(_ATTEMPTS):
            prepared = customers.prepare_statements(self._source_id(), statements, run_id=self.run.id, zone=self.zone)
            failpoints.hit("collect.after_prepare")
            tagged = tagging.of_records(self.run.id, batch, prepared.record_ids)
            answered = consenting.of_records(self.run.id, batch, prepared.record_ids, self._by)
            within = self._with_answers(batch, prepared.tally, answered)
            try:
                with self.pace.measured(_rows_of(batch)):
                    customers.record_statements(prepared, within=_both(tagged, within), lookups_later=True)
                break
            except customers.StaleBatch:
                # Somebody edited one of these files between preparation and commit: prepare against what it is now.
                if attempt == _ATTEMPTS - 1:
                    raise
        self._keep_to_index(prepared)
        self._moved_on(batch)

    def _with_answers(self, batch: list[Made], tally: Any, answered: consenting.Keep) -> Callable[[], None]:
        """The end of a batch of customers: what they answered is kept first, so that its outcomes are counted with the rest."""

        def within() -> None:
            counts, remarks = answered()
            self._within(batch, [*tally.problems, *remarks], {**_counts_of(tally), **counts})()

        return within

    def _record_tags(self, batch: list[Made]) -> None:
        found = tagging.find_customers(self._source_id(), self.run.id, batch)
        failpoints.hit("collect.after_prepare")
        within = self._within(batch, found.problems, found.counts)
        with self.pace.measured(_rows_of(batch)), transaction.atomic():
            found.put()
            within()
        self._moved_on(batch)

    def _record_visits(self, batch: list[Made]) -> None:
        given = [made.visit for made in batch if made.visit is not None]
        prepared = recording.prepare_tracked(self._source_id(), given, run_id=self.run.id)
        failpoints.hit("collect.after_prepare")
        within = self._within(batch, prepared.tally.problems, _counts_of(prepared.tally))
        with self.pace.measured(_rows_of(batch)):
            recording.record_tracked(prepared, within=within)
        self._moved_on(batch)

    def _record_stated(self, batch: list[Made]) -> None:
        given = [made.stated for made in batch if made.stated is not None]
        about = shop.PRODUCT if self.file.mapping.kind == "products" else shop.CASE
        prepared = shop.prepare_stated(about, self._source_id(), given, run_id=self.run.id)
        failpoints.hit("collect.after_prepare")
        within = self._within(batch, prepared.tally.problems, _counts_of(prepared.tally))
        with self.pace.measured(_rows_of(batch)):
            shop.record_stated(prepared, within=within)
        self._moved_on(batch)

    def _source_id(self) -> int:
        if self.run.source_id is None:
            raise ValueError("a run cannot be recorded before it has a source")
        return self.run.source_id

    def _within(self, batch: list[Made], problems: list[Problem], tallied: dict[str, int]) -> Callable[[], None]:
        """What lies in the batch's own transaction: its cursor, counts and rejects, and the proof that the lease is ours."""
        fatal_rows = {p.row_no: p for p in problems if p.fatal}
        counts = _added(self.counts, tallied, _refused_counts(batch, fatal_rows))
        rejects = self._rejects(batch, problems, counts)
        self._next_counts = counts
        at = self.cursor + len(batch)

        def within() -> None:
            self.job.save_cursor({"groups": at})
            ImportRun.objects.filter(id=self.run.id).update(
                group_cursor=at, counts=counts, phase=ImportRun.ROWS, state=ImportRun.RUNNING
            )
            bulk.insert_many("collect_rejectrow", _REJECT, rejects)
            failpoints.hit("collect.inside_batch")

        return within

    def _rejects(self, batch: list[Made], problems: list[Problem], counts: dict[str, int]) -> list[tuple[Any, ...]]:
        whole = {made.rows[0]: made for made in batch if not made.rejected}
        told = [problem for made in batch for problem in made.problems] + list(problems)
        refused = {problem.row_no for problem in problems if problem.fatal}
        # An order refused while it was priced: its other rows stay out with it.
        of_row = {row: made for made in whole.values() for row in made.rows} if refused else {}
        for row_no in sorted(refused):
            if (made := of_row.get(row_no)) is not None:
                told += [
                    Problem(n, "", "same_order_rejected", {"row": row_no}, fatal=True)
                    for n in made.rows
                    if n not in refused
                ]
        rows = []
        for problem in told:
            if not problem.fatal:
                note = f"note:{problem.code}"
                counts[note] = counts.get(note, 0) + 1
                if counts[note] > MOST_NOTES_PER_CODE:
                    continue
            rows.append(
                (
                    self.run.id,
                    problem.row_no,
                    problem.field[:40],
                    problem.code[:60],
                    dict(problem.params),
                    problem.fatal,
                )
            )
        return rows

    def _moved_on(self, batch: list[Made]) -> None:
        self.cursor += len(batch)
        self.counts = self._next_counts


def _both(first: Callable[[], None], then: Callable[[], None]) -> Callable[[], None]:
    def within() -> None:
        first()
        then()

    return within


def _batches(made: Iterable[Made], pace: Pace) -> Iterator[list[Made]]:
    """Whole orders or customers until the pace's rows are full."""
    batch: list[Made] = []
    rows = 0
    for one in made:
        batch.append(one)
        rows += max(len(one.rows), 1)
        if rows >= pace.rows:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def _rows_of(batch: list[Made]) -> int:
    return sum(len(made.rows) for made in batch)


def _counts_of(tally: Any) -> dict[str, int]:
    return {name: getattr(tally, name) for name in tally.__slots__ if name not in ("seen", "rejected", "problems")}


def _added(*counts: Mapping[str, int]) -> dict[str, int]:
    """Sums name by name; a negative sum stays (money of cancellations)."""
    names = dict.fromkeys(name for one in counts for name in one)
    return {name: sum(one.get(name, 0) for one in counts) for name in names}


def _refused_counts(batch: list[Made], fatal_rows: dict[int, Problem]) -> Counter[str]:
    """Groups and rows seen and kept out; what the builder or the priced order refused alike."""
    out = [made for made in batch if made.rejected or (fatal_rows and any(row in fatal_rows for row in made.rows))]
    repeated = [made for made in batch if made.repeated_rows]
    odd = [made for made in batch if made.problems]
    return Counter(
        seen=len(batch),
        rows=_rows_of(batch),
        rejected=len(out),
        rejected_rows=_rows_of(out),
        repeated_rows=sum(made.repeated_rows for made in repeated) - sum(made.repeated_rows for made in out),
        repeated_in_file=sum(1 for made in odd for p in made.problems if p.code == "repeated_in_file"),
    )


def finished(run_id: int) -> None:
    """Close a run that is recorded."""
    ImportRun.objects.filter(id=run_id).update(state=ImportRun.DONE, phase="", finished_at=clock.now(), error_code="")

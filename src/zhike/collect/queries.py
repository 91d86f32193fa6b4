"""Questions the collect module answers; nothing here writes."""

import csv
import dataclasses
import io
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from zhike.collect.models import ImportRun, MigrationProject, RejectRow, SavedMapping
from zhike.collect.reading import FileProblem, Opener, open_table
from zhike.collect.reading.workbook import Sheets, csv_of_workbook
from zhike.collect.reasons import reason_text
from zhike.collect.records import MappingFacts, ProjectFacts, RunFacts, VisitFacts
from zhike.collect.running.converting import WORKBOOK, form_of
from zhike.collect.running.items import TEMPLATE
from zhike.collect.running.prepared_file import table_of
from zhike.collect.source_methods import methods_of as methods_of
from zhike.collect.tracking import trajectory
from zhike.customers import queries as customers
from zhike.customers.records import TimelinePlace
from zhike.kit.models import Job
from zhike.secure import fields
from zhike.secure.records import Viewer


def visits_of(
    viewer: Viewer, record_ids: Sequence[int], before: TimelinePlace | None = None, limit: int = 30
) -> list[VisitFacts]:
    """Sessions of a customer's records before a place of the timeline, newest first; see `tracking.trajectory`."""
    return trajectory.visits_of(viewer, record_ids, before, limit)


def run(public_id: str) -> RunFacts | None:
    """One run by its public id, or by its plain number."""
    found = ImportRun.objects.filter(public_id=public_id).first()
    if found is None and public_id.isdigit():
        found = ImportRun.objects.filter(id=int(public_id)).first()
    return facts_of(found) if found else None


def runs(*, most: int = 200, before_id: int | None = None) -> list[RunFacts]:
    """Runs, newest first."""
    found = ImportRun.objects.order_by("-id")
    if before_id is not None:
        found = found.filter(id__lt=before_id)
    return [facts_of(one) for one in found[:most]]


def small_table(content: bytes) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Headings and numbered rows of a small file given whole: delimited text, or the first sheet of a workbook.

    For modules with tables of their own. Raises FileProblem, whose words `file_problem_text` gives.
    """
    opener: Opener = partial(io.BytesIO, content)
    if form_of(opener) == WORKBOOK:
        told = b"".join(csv_of_workbook(io.BytesIO(content), len(content), "", Sheets()))
        opener = partial(io.BytesIO, told)
    table = open_table(opener)
    return table.headers, [(row.number, row.cells) for row in table.rows()]


def file_problem_text(problem: FileProblem) -> str:
    """Why a file could not be read, in words."""
    return reason_text(problem.code, problem.params)


def runs_by_id(ids: Iterable[int]) -> dict[int, RunFacts]:
    """Runs by their ids, for what points at them."""
    return {one.id: facts_of(one) for one in ImportRun.objects.filter(id__in=set(ids))}


def facts_of(one: ImportRun) -> RunFacts:
    """A run as others see it."""
    source = customers.source(one.source_id) if one.source_id else None
    job = Job.objects.filter(id=one.job_id).only("done_count", "total_count").first() if one.job_id else None
    return RunFacts(
        id=one.id,
        public_id=one.public_id,
        kind=one.kind,
        state=one.state,
        source_id=one.source_id,
        source_name=source.name if source else "",
        file_name=one.file_name,
        byte_count=one.byte_count,
        digest=one.digest,
        template=one.template,
        check_result=one.check_result,
        counts=one.counts,
        undo_result=one.undo_result,
        error_code=one.error_code,
        error_params=one.error_params,
        job_id=one.job_id,
        created_at=one.created_at,
        started_at=one.started_at,
        finished_at=one.finished_at,
        undone_at=one.undone_at,
        done_groups=job.done_count if job else one.group_cursor,
        total_groups=job.total_count if job else None,
        file_is_there=one.files_destroyed_at is None and one.template != TEMPLATE,
        sheet=one.sheet,
        sheets=tuple(one.sheets),
    )


def saved_mappings() -> list[MappingFacts]:
    """The mappings of the house, by name."""
    rows = SavedMapping.objects.order_by("name").values_list("public_id", "name", "kind", "created_at")
    return [MappingFacts(*row) for row in rows]


def mapping_text(public_id: str) -> str:
    """The YAML of a mapping of the house, or of the one an import was made with; blank when there is none."""
    for model, column in ((SavedMapping, "text"), (ImportRun, "mapping_text")):
        found = model.objects.filter(public_id=public_id).values_list(column, flat=True).first()
        if found:
            return str(found)
    return ""


def projects(*, most: int = 200) -> list[ProjectFacts]:
    """Migrations, newest first."""
    return [_project_facts(one) for one in MigrationProject.objects.order_by("-id")[:most]]


def project(public_id: str) -> ProjectFacts | None:
    """One migration by its public id."""
    found = MigrationProject.objects.filter(public_id=public_id).first()
    return _project_facts(found) if found else None


def runs_of_project(project_id: int, *, most: int = 200) -> list[RunFacts]:
    """The imports of a migration, oldest first."""
    return [facts_of(one) for one in ImportRun.objects.filter(project_id=project_id).order_by("id")[:most]]


def _project_facts(one: MigrationProject) -> ProjectFacts:
    return ProjectFacts(**{field.name: getattr(one, field.name) for field in dataclasses.fields(ProjectFacts)})


def reject_counts(run_id: int) -> dict[str, int]:
    """Rows kept out, and notes, by code."""
    counts: dict[str, int] = {}
    for code in RejectRow.objects.filter(run_id=run_id).values_list("code", flat=True).iterator():
        counts[code] = counts.get(code, 0) + 1
    return counts


def rejects(run_id: int, *, most: int = 100, fatal_only: bool = False) -> list[tuple[int, str, str, bool]]:
    """(row number, field, reason in words, kept out) of the first rows with a problem."""
    found = RejectRow.objects.filter(run_id=run_id).order_by("row_no", "id")
    if fatal_only:
        found = found.filter(fatal=True)
    return [(r.row_no, field_label(r.field), reason_text(r.code, r.params), r.fatal) for r in found[:most]]


def notes(run: RunFacts, *, examples: int = 5) -> list[dict[str, Any]]:
    """What the import remarked on without keeping rows out: the reason, how often, and the first rows, most frequent first."""
    told: dict[tuple[str, str], dict[str, Any]] = {}
    for r in RejectRow.objects.filter(run_id=run.id, fatal=False).order_by("row_no", "id").iterator():
        text = reason_text(r.code, r.params)
        one = told.setdefault(
            (r.code, r.field),
            {"field": field_label(r.field), "text": text, "count": 0, "row_numbers": [], "code": r.code},
        )
        one["count"] += 1
        if len(one["row_numbers"]) < examples:
            one["row_numbers"].append(r.row_no)
    for one in told.values():
        one["rows"] = ", ".join(map(str, one["row_numbers"]))
        one["more"] = one["count"] > len(one["row_numbers"])
    return sorted(told.values(), key=lambda one: -one["count"])


def left_by_undo(run: RunFacts, viewer: Viewer) -> dict[str, Any]:
    """After an undoing: how many customers stay and how many are archived, with the first of each this viewer may see."""
    told = run.undo_result
    if not told:
        return {}
    rows = customers.lines(viewer, [*told["stay_ids"], *told["archived_ids"]]) if viewer.can("customers.view") else {}
    return {
        "stay": told["stay"],
        "archived": told["archived"],
        "stay_rows": [rows[i] for i in told["stay_ids"] if i in rows],
        "archived_rows": [rows[i] for i in told["archived_ids"] if i in rows],
    }


def field_label(code: str) -> str:
    """A field in the reader's language."""
    known = {"quantity": _("Quantity"), "unit_price": _("Unit price"), "amount": _("Line amount"), "total": _("Total"), "paid": _("Paid"),
             "postage": _("Postage"), "refund": _("Refund"), "key": _("Customer"), "as_of": _("Date")}  # fmt: skip
    if code in known:
        return known[code]
    return str(fields.field(code).label) if fields.known(code) else code


def rejects_csv(run_id: int) -> Iterator[str]:
    """The rows kept out as they came, with two columns why; fix them, delete the columns or not, and import the file again.

    Cells that a spreadsheet would take for a formula get an apostrophe before them, which the import takes away again.
    """
    one = ImportRun.objects.get(id=run_id)
    why: dict[int, list[str]] = {}
    for row_no, code, params in (
        RejectRow.objects.filter(run_id=run_id, fatal=True)
        .order_by("row_no", "id")
        .values_list("row_no", "code", "params")
    ):
        why.setdefault(row_no, []).append(reason_text(code, params))
    table = table_of(one)
    yield "\ufeff" + _csv_line([*table.headers, _("Row"), _("Reason")])
    for row in table.rows():
        reasons = why.get(row.number)
        if reasons:
            yield _csv_line([*(formula_safe(cell) for cell in row.cells), str(row.number), " · ".join(reasons)])


def formula_safe(cell: str) -> str:
    """A cell no spreadsheet runs: `=cmd()` becomes `'=cmd()`. `="3515…"` of an export is left, it is no formula."""
    bare = cell.lstrip(" \t\r\n")
    if bare[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_harmless(bare):
        return "'" + cell
    return cell


def _is_harmless(bare: str) -> bool:
    if bare.startswith('="') and bare.endswith('"') and bare.count('"') == 2:
        return bare[2:-1].isalnum() or bare == '=""'
    return bare[:1] in "+-" and bare[1:].replace(".", "", 1).isdigit()


def _csv_line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()

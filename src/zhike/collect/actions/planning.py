"""Saying what a stored file is, which source it comes from, and having it checked."""

from typing import Any

from django.db import transaction

from zhike.collect import queries
from zhike.collect.mapping import Mapping, load, template
from zhike.collect.models import ImportRun, RejectRow
from zhike.collect.reading import FileProblem
from zhike.collect.records import RunFacts
from zhike.collect.running.converting import join_related, make_table
from zhike.collect.running.prepared_file import mapping_of, table_of
from zhike.customers import queries as customers
from zhike.kit import jobs
from zhike.secure import consents
from zhike.secure.permissions import check
from zhike.secure.records import Viewer

_OPEN = (ImportRun.STORED, ImportRun.CHECKING, ImportRun.CHECKED, ImportRun.FAILED)


class ImportRefused(ValueError):
    """An import cannot be steered as asked: `code` says why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params


def _check_consents(mapping: Mapping, by: Viewer) -> None:
    """Whoever brings in answers to purposes must have the right to note them."""
    if mapping.consents and not by.can("consents.edit"):
        raise ImportRefused("consents_right")
    known = {purpose.code for purpose in consents.purposes()}
    for code in mapping.consents:
        if code not in known:
            raise FileProblem("mapping_invalid", place=f"customer.consents.{code}", why="not_one_of")


def describe(
    run_id: int,
    *,
    kind: str = "",
    template_code: str = "auto",
    mapping_text: str = "",
    encoding: str = "",
    sheet: str = "",
    by: Viewer,
) -> RunFacts:
    """Say what the file is: a template, a mapping file's text, or `auto` to recognize it by its headers.

    `sheet` names the sheet of a workbook; left out, the first with something in it.

    Reads the file's head. Raises FileProblem for a file or mapping that cannot be used, ImportRefused `already_started`, and
    `consents_right` where a column holds consents and the viewer may not note any.
    """
    check(by, "collect.import")
    run = _open_run(run_id)
    run.kind, run.encoding = kind, encoding
    run.mapping_text, run.template = mapping_text, "" if mapping_text else template_code
    if mapping_text:
        load(mapping_text)
    elif template_code != "auto":
        template(template_code)
    make_table(run, sheet)
    ImportRun.objects.filter(id=run_id).update(
        form=run.form, sheet=run.sheet, sheets=run.sheets, table_key=run.table_key
    )
    run.joined_key, old = "", run.joined_key
    table = table_of(run)
    shape = {"encoding": table.shape.encoding, "delimiter": table.delimiter}
    ImportRun.objects.filter(id=run_id).update(check_result=shape)
    mapping = mapping_of(run, table)
    _check_consents(mapping, by)
    run.joined_key = old
    join_related(run, table, mapping.related)
    if run.joined_key:
        shape = {"encoding": "utf-8", "delimiter": ","}
    if mapping.kind == "lines":
        raise FileProblem("lines_alone")
    if kind and mapping.kind != kind:
        raise FileProblem("other_kind", kind=mapping.kind, asked=kind)
    run.kind, run.template, run.mapping_text = mapping.kind, mapping.code, mapping.text
    run.state, run.error_code, run.error_params, run.check_result = ImportRun.STORED, "", {}, shape
    run.save()
    return queries.facts_of(run)


def note_problem(run_id: int, problem: FileProblem) -> None:
    """Keep why a file could not be used, so that its page can tell."""
    ImportRun.objects.filter(id=run_id).update(
        state=ImportRun.FAILED, error_code=problem.code, error_params=problem.params
    )


def choose_source(run_id: int, source_id: int, *, by: Viewer) -> RunFacts:
    """Say where the file comes from. Raises ImportRefused: source_unknown, source_archived, already_started."""
    check(by, "collect.import")
    run = _open_run(run_id)
    source = customers.source(source_id)
    if source is None or source.is_house:
        raise ImportRefused("source_unknown")
    if source.archived:
        raise ImportRefused("source_archived")
    run.source_id = source_id
    run.save(update_fields=["source_id"])
    return queries.facts_of(run)


def start_check(run_id: int, *, by: Viewer) -> int:
    """Have the file checked by a job; returns the job's id."""
    check(by, "collect.import")
    with transaction.atomic():
        run = _open_run(run_id)
        RejectRow.objects.filter(run_id=run_id).delete()
        run.state = ImportRun.CHECKING
        run.job_id = jobs.enqueue("collect.check_import", unique_key=f"check:{run_id}", by=by, run_id=run_id)
        run.save(update_fields=["state", "job_id"])
    return run.job_id


def _open_run(run_id: int) -> ImportRun:
    run = ImportRun.objects.get(id=run_id)
    if run.state not in _OPEN or run.phase:
        raise ImportRefused("already_started", state=run.state)
    return run

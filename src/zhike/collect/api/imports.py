"""Imports over the API: send a file, say what it is, have it checked, start, follow, pause and undo it."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from ninja import Query, Status

from zhike.api.problems import Fault, Problem, answers, refused
from zhike.api.routes import FILE, ApiRequest, Routes
from zhike.collect import actions, queries
from zhike.collect.api import shapes
from zhike.collect.mapping import templates
from zhike.collect.reading import FileProblem
from zhike.collect.reasons import reason_text
from zhike.collect.records import RunFacts
from zhike.customers import queries as customers
from zhike.customers.actions.sources import open_source
from zhike.kit.jobs import reading

routes = Routes("Imports")
READ: dict[str, Any] = {"scope": "imports:read", "needs": "collect.view"}
WRITE: dict[str, Any] = {"scope": "imports:write", "needs": "collect.import"}
_STATES = frozenset({"already_started", "not_running", "not_stopped", "not_undoable"})
_MOVING = frozenset({"checking", "queued", "running", "paused", "undoing"})
_FORETOLD = ("new", "updated", "unchanged", "rejected", "rows")


@answers(actions.ImportRefused)
def _refused(error: actions.ImportRefused) -> Problem:
    return Problem("state_conflict") if error.code in _STATES else refused("body.source", error.code)


@answers(FileProblem)
def _file(error: FileProblem) -> Problem:
    return Problem("value_refused", faults=[Fault("body", error.code, reason_text(error.code, error.params))])


@routes.get("/imports", answer=shapes.ImportPage, **READ)
def list_imports(request: ApiRequest, query: Query[shapes.ImportQuery]) -> dict[str, Any]:
    """Imports, newest first, files and bulk statements alike."""
    found = queries.runs(most=query.limit + 1, before_id=query.after)
    shown = found[: query.limit]
    codes = _codes()
    items = [_told(run, codes) for run in shown]
    return {"items": items, "next": str(shown[-1].id) if len(found) > query.limit else None}


@routes.get("/imports/{import_id}", answer=shapes.ImportOut, **READ)
def get_import(request: ApiRequest, import_id: str) -> dict[str, Any]:
    """One import with its progress and its counts."""
    return _told(_run(import_id), _codes())


@routes.get("/imports/{import_id}/rejects", answer=shapes.RejectList, **WRITE)
def list_rejects(request: ApiRequest, import_id: str) -> dict[str, Any]:
    """The first 1,000 rows with problems: which row, which field, why, and whether it was kept out."""
    told = queries.rejects(_run(import_id).id, most=1000)
    return {"items": [{"row": row, "field": field, "message": why, "kept_out": out} for row, field, why, out in told]}


@routes.get("/import-templates", answer=shapes.TemplateList, **READ)
def list_templates(request: ApiRequest) -> dict[str, Any]:
    """The templates that know exports of shop platforms."""
    known = templates().items()
    return {"items": [{"code": code, "kind": m.kind, "platform": m.platform or None} for code, m in known]}


@routes.write("POST", "/imports", answers={201: shapes.ImportSteered}, takes=FILE, **WRITE)
def upload_file(request: ApiRequest, query: Query[shapes.UploadQuery]) -> Status:
    """Send a file as the body, whatever its size; it is sealed while it comes. The answer's id steers what follows."""
    run = actions.store_file(cast(BinaryIO, request), query.file_name, by=request.viewer)
    request.body_digest = run.digest
    return Status(201, {"id": run.public_id, "state": run.state})


@routes.write(
    "PUT", "/imports/{import_id}/description", answers={200: shapes.ImportSteered}, most_bytes=400_000, **WRITE
)
def describe_file(request: ApiRequest, import_id: str, description: shapes.Description) -> dict[str, Any]:
    """Say what the file is and which source it comes from."""
    run, given = _run(import_id), description
    source_id = open_source(given.source)
    actions.describe(
        run.id,
        kind=given.kind,
        template_code=given.template,
        mapping_text=given.mapping,
        encoding=given.encoding,
        by=request.viewer,
    )
    actions.choose_source(run.id, source_id, by=request.viewer)
    return _steered(run.public_id)


@routes.write("POST", "/imports/{import_id}/check", answers={202: shapes.ImportSteered}, takes=(), **WRITE)
def check_file(request: ApiRequest, import_id: str) -> Status:
    """Have the file checked: a dry run that records nothing. `foreseen` of the import tells what it found."""
    return _act(request, import_id, actions.start_check)


@routes.write("POST", "/imports/{import_id}/start", answers={202: shapes.ImportSteered}, takes=(), **WRITE)
def start_file(request: ApiRequest, import_id: str) -> Status:
    """Record the file."""
    return _act(request, import_id, actions.start_import)


@routes.write("POST", "/imports/{import_id}/pause", answers={202: shapes.ImportSteered}, takes=(), **WRITE)
def pause_file(request: ApiRequest, import_id: str) -> Status:
    """Hold the import back after its batch."""
    return _act(request, import_id, actions.pause_import)


@routes.write("POST", "/imports/{import_id}/resume", answers={202: shapes.ImportSteered}, takes=(), **WRITE)
def resume_file(request: ApiRequest, import_id: str) -> Status:
    """Let it go on from where it stopped."""
    return _act(request, import_id, actions.resume_import)


@routes.write(
    "POST", "/imports/{import_id}/undo", scope="imports:write", needs="collect.undo", answers={202: shapes.ImportSteered}, takes=()
)  # fmt: skip
def undo_file(request: ApiRequest, import_id: str) -> Status:
    """Take back everything the import said, bulk statements too."""
    return _act(request, import_id, actions.undo_import)


def _act(request: ApiRequest, import_id: str, act: Callable[..., Any]) -> Status:
    run = _run(import_id)
    act(run.id, by=request.viewer)
    return Status(202, _steered(run.public_id))


def _steered(public_id: str) -> dict[str, Any]:
    run = _run(public_id)
    return {"id": run.public_id, "state": run.state, "job": run.job_id}


def _run(import_id: str) -> RunFacts:
    found = None if import_id.isdigit() else queries.run(import_id[:64])
    if found is None:
        raise Problem("not_found")
    return found


def _codes() -> dict[int, str]:
    return {source.id: source.code for source in customers.sources(archived=True)}


def _told(run: RunFacts, codes: dict[int, str]) -> dict[str, Any]:
    job = reading.one(run.job_id) if run.state in _MOVING else None
    error = {"field": "", "code": run.error_code, "message": reason_text(run.error_code, run.error_params)}
    foretold = {name: run.check_result[name] for name in _FORETOLD if isinstance(run.check_result.get(name), int)}
    return {
        "id": run.public_id,
        "number": run.id,
        "kind": run.kind or None,
        "state": run.state,
        "source": codes.get(run.source_id or 0),
        "file_name": run.file_name,
        "byte_count": run.byte_count,
        "digest": run.digest,
        "template": run.template or None,
        "counts": {name: count for name, count in run.counts.items() if isinstance(count, int)},
        "foreseen": foretold,
        "error": error if run.error_code else None,
        "progress": progress_of(job) if job else None,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "undone_at": run.undone_at,
    }


def progress_of(job: reading.JobView) -> dict[str, Any]:
    """How far a job is."""
    return {
        "job": job.id,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "remaining_s": job.remaining_s,
    }

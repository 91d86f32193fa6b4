"""`zhike import`: bring in customers or orders from a file, and steer imports."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from zhike.cli import everything
from zhike.cli.command import Conflict, NotFound, Refused, command, group
from zhike.cli.output import Advance, Output

imports = group("import", "Bring in customers or orders from a file; list, undo, resume imports.")


def _bringing(kind: str, text: str) -> None:
    @command(kind, into=imports)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--template", "template", default="auto", show_default=True, help="Built-in template, or auto.")
    @click.option(
        "--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A mapping file (YAML)."
    )
    @click.option(
        "--lines", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Taobao's file of order details."
    )
    @click.option("--source", default="", help="Code of the source; it is made when there is none of this code.")
    @click.option("--legal-basis", default="", help="Legal basis of a source made now; contract for orders.")
    @click.option("--encoding", default="", help="Encoding of the file; detected when left out.")
    @click.option(
        "--related",
        multiple=True,
        metavar="NAME=FILE",
        help="A related table, by the name its mapping calls it; may be repeated.",
    )
    @click.option("--project", default="", help="Count the file to this migration (its id).")
    @click.option("--sheet", default="", help="Sheet of a workbook; the first with something in it when left out.")
    @click.option("--dry-run", is_flag=True, help="Check the file and record nothing.")
    @click.option(
        "--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows kept out to this file."
    )
    def bring(out: Output, file: Path, rejects: Path | None, **given: Any) -> None:
        with _refusals():
            _bring(out, kind, file, rejects, **given)

    bring.help = text


_bringing("orders", "Bring in orders.")
_bringing("customers", "Bring in customers.")
_bringing("products", "Bring in a catalogue of products.")
_bringing("cases", "Bring in after-sale cases of orders.")
_bringing("tags", "Put tags on customers who are known already.")
_bringing("visits", "Bring in what visitors did on a site.")
everything.add_import(imports)


def _bring(
    out: Output,
    kind: str,
    file: Path,
    rejects: Path | None,
    *,
    template: str,
    mapping: Path | None,
    lines: Path | None,
    source: str,
    legal_basis: str,
    encoding: str,
    sheet: str,
    related: tuple[str, ...],
    project: str,
    dry_run: bool,
) -> None:
    from zhike.collect import actions, queries
    from zhike.secure.records import LOCAL_OPERATOR as BY

    text = mapping.read_text(encoding="utf-8-sig") if mapping else ""
    with file.open("rb") as stream:
        run = actions.store_file(stream, file.name, by=BY)
    if lines:
        with lines.open("rb") as stream:
            actions.add_lines(run.id, stream, by=BY)
    if project:
        actions.put_into_project(run.id, project, by=BY)
    for name, beside in (_related(one) for one in related):
        with beside.open("rb") as stream:
            actions.add_related(run.id, name, stream, by=BY)
    run = actions.describe(
        run.id, kind=kind, template_code=template, mapping_text=text, encoding=encoding, sheet=sheet, by=BY
    )
    chosen = (
        _known_source(_code(run.template, source, text))
        if dry_run
        else _source(run.template, kind, source, legal_basis, text)
    )
    if chosen is not None:
        actions.choose_source(run.id, chosen, by=BY)
    work_on(out, actions.start_check(run.id, by=BY), "check")
    checked = _found(queries.run(run.public_id))
    if dry_run:
        _show_check(out, checked)
        return
    work_on(out, actions.start_import(run.id, by=BY), "import")
    done = _found(queries.run(run.public_id))
    if rejects:
        rejects.write_text("".join(queries.rejects_csv(run.id)), encoding="utf-8", newline="")
    _show_done(out, done, rejects)


def _related(text: str) -> tuple[str, Path]:
    name, _, file = text.partition("=")
    if not name or not Path(file).is_file():
        raise click.BadParameter(f"{text}: NAME=FILE of a file that is there", param_hint="--related")
    return name, Path(file)


@command("list", into=imports)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
def list_imports(out: Output, limit: int) -> None:
    """List the newest imports."""
    from django.utils.translation import gettext as _

    from zhike.collect import queries
    from zhike.collect.reasons import STATES

    runs = queries.runs(most=limit)
    rows = [
        [
            r.id,
            r.kind,
            str(STATES.get(r.state, r.state)),
            r.source_name,
            r.file_name,
            r.counts.get("new", ""),
            f"{r.created_at:%Y-%m-%d %H:%M}",
        ]
        for r in runs
    ]
    out.table(["id", _("kind"), _("state"), _("source"), _("file"), _("new"), _("since")], rows)
    out.result({"ok": True, "imports": [_as_json(r) for r in runs]})


def _steering(name: str, text: str, start: Callable[[int], int]) -> None:
    @command(name, into=imports)
    @click.argument("import_id")
    def steer(out: Output, import_id: str) -> None:
        from django.utils.translation import gettext as _

        from zhike.collect import queries

        run = queries.run(import_id)
        if run is None:
            raise NotFound(_("There is no import %(id)s.") % {"id": import_id}, "no_such_import")
        with _refusals():
            work_on(out, start(run.id), name)
        _show_done(out, _found(queries.run(run.public_id)), None)

    steer.help = text


def _undo(run_id: int) -> int:
    from zhike.collect import actions
    from zhike.secure.records import LOCAL_OPERATOR

    return actions.undo_import(run_id, by=LOCAL_OPERATOR)


def _resume(run_id: int) -> int:
    from zhike.collect import actions
    from zhike.kit.jobs.lease import free_leases_of_the_dead
    from zhike.secure.records import LOCAL_OPERATOR

    free_leases_of_the_dead(["import"])
    return actions.resume_import(run_id, by=LOCAL_OPERATOR)


@command("reconcile", into=imports)
@click.argument("project")
@click.option("--expect", multiple=True, metavar="FIGURE=NUMBER", help="A figure of the former system; money as 12.50.")
def reconcile(out: Output, project: str, expect: tuple[str, ...]) -> None:
    """Compare a migration's imports with the figures of the former system; exit code 1 when one differs.

    A PROJECT that is no id begins a migration of that name.
    """
    from django.utils.translation import gettext as _

    from zhike.collect import actions, queries
    from zhike.secure.records import LOCAL_OPERATOR as BY

    found = queries.project(project)
    public_id = found.public_id if found else actions.open_project(project, by=BY)
    expected = {**(found.expected if found else {}), **dict(_figure(text, actions.FIGURES) for text in expect)}
    with _refusals():
        work_on(out, actions.expect_figures(public_id, expected, by=BY), "reconcile")
    told = queries.project(public_id)
    assert told is not None
    rows = [[n, expected.get(n, "–"), told.found.get(n, 0)] for n in actions.FIGURES]
    out.table([_("figure"), _("expected"), _("found")], rows)
    wrong = [n for n in expected if expected[n] != told.found.get(n, 0)]
    out.result({"ok": not wrong, "project": public_id, "found": dict(told.found), "differing": wrong})
    if wrong:
        raise Refused(_("These figures differ: %(names)s.") % {"names": ", ".join(wrong)}, "figures_differ")


def _figure(text: str, known: tuple[str, ...]) -> tuple[str, int]:
    name, _, value = text.partition("=")
    try:
        if name not in known:
            raise ValueError(name)
        return name, round(float(value) * 100) if name.endswith("_cents") else int(value)
    except ValueError:
        raise click.BadParameter(f"{text}: FIGURE=NUMBER of {', '.join(known)}", param_hint="--expect") from None


_steering("undo", "Take back everything an import said.", _undo)
_steering("resume", "Let an import that stopped go on where it was.", _resume)


def _source(template: str, kind: str, code: str, legal_basis: str, mapping_text: str) -> int:
    """The id of the named source, made now when there is none; without a name, the platform's own."""
    from django.utils.translation import gettext as _

    from zhike.collect.source_kinds import PLATFORMS
    from zhike.customers import actions
    from zhike.customers.actions.sources import SourceRefused
    from zhike.secure.records import LOCAL_OPERATOR

    mapping = _mapping(template, mapping_text)
    code = _code(template, code, mapping_text)
    if not code:
        raise Refused(_("Say where the data comes from: --source."), "source_missing")
    if (known := _known_source(code, archived=True)) is not None:
        return known
    if kind in ("customers", "tags", "visits") and not legal_basis:
        raise Refused(_("Say on what legal basis this new source is used: --legal-basis."), "basis_missing")
    try:
        made = actions.add_source(
            code=code,
            name=str(PLATFORMS[code]) if code in PLATFORMS else code,
            channel_kind="shop_platform" if mapping.platform else "former_system",
            legal_basis=legal_basis or "contract",
            platform=mapping.platform,
            by=LOCAL_OPERATOR,
        )
    except SourceRefused as refused:
        known = _known_source(code, archived=True)
        if refused.code != "code_taken" or known is None:
            raise
        return known  # another import that began at the same time registered it first
    return made.id


def _mapping(template: str, mapping_text: str) -> Any:
    from zhike.collect.mapping import load
    from zhike.collect.mapping import template as built_in

    return load(mapping_text) if mapping_text else built_in(template)


def _code(template: str, code: str, mapping_text: str) -> str:
    """The code of the source a file comes from: the one named, or its platform's; empty when nothing tells."""
    return code or _mapping(template, mapping_text).platform


def _known_source(code: str, *, archived: bool = False) -> int | None:
    """The id of the registered source of that code; a dry run registers none."""
    from zhike.customers import queries

    return next((known.id for known in queries.sources(archived=archived) if code and known.code == code), None)


def work_on(out: Output, job_id: int, label: str) -> None:
    """Run the job here under its lease, or watch while a worker that took it first runs it. Raises Refused if it fails."""
    from zhike.collect.reasons import reason_text
    from zhike.kit.jobs.lease import claim, owner_name
    from zhike.kit.jobs.runner import run_claimed
    from zhike.kit.models import Job

    stop = threading.Event()
    with _watched(out, job_id, label, stop):
        while (job := Job.objects.get(id=job_id)).state in (Job.QUEUED, Job.RUNNING):
            mine = claim(job.lane, owner_name())
            if mine is None:
                stop.wait(0.2)
            else:
                run_claimed(mine)
    if job.state == Job.DONE:
        return
    code = job.error_code or job.state
    if job.state == Job.PAUSED:
        raise Conflict(reason_text("paused", {}), "paused")
    raise Refused(reason_text(code, job.error_params), code, job=job_id)


@contextmanager
def _watched(out: Output, job_id: int, label: str, stop: threading.Event) -> Iterator[None]:
    """Show a job's progress from a thread of its own while the block works."""
    with out.progress(label) as advance:
        thread = threading.Thread(target=_watch, args=(job_id, advance, stop), daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(timeout=5)


def _watch(job_id: int, advance: Advance, stop: threading.Event) -> None:
    from django.db import connection

    from zhike.kit.models import Job

    while not stop.wait(0.5):
        done, total = Job.objects.values_list("done_count", "total_count").get(id=job_id)
        advance(done, total)
    connection.close()


@contextmanager
def _refusals() -> Iterator[None]:
    """What the modules refuse, as exit codes and sentences."""
    from zhike.collect.actions import ImportRefused
    from zhike.collect.reading import FileProblem
    from zhike.collect.reasons import reason_text
    from zhike.customers.actions.sources import SourceRefused

    try:
        yield
    except (FileProblem, ImportRefused, SourceRefused) as refused:
        raise Refused(reason_text(refused.code, refused.params), refused.code, **_plain(refused.params)) from None


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {"params": params} if params else {}


def _found(run: Any) -> Any:
    if run is None:
        raise NotFound("import", "no_such_import")
    return run


def _as_json(run: Any) -> dict[str, Any]:
    return {
        "id": run.id,
        "public_id": run.public_id,
        "kind": run.kind,
        "state": run.state,
        "source": run.source_name,
        "file": run.file_name,
        "template": run.template,
        "counts": dict(run.counts),
        "error": run.error_code or None,
        "created_at": run.created_at.isoformat(),
    }


def _show_check(out: Output, run: Any) -> None:
    from zhike.collect.telling import check_lines

    for line in check_lines(run):
        out.say(line)
    out.result({"ok": True, "dry_run": True, **_as_json(run), "check": dict(run.check_result)})


def _show_done(out: Output, run: Any, rejects: Path | None) -> None:
    from zhike.collect.telling import result_lines

    for line in result_lines(run):
        out.say(line)
    if rejects:
        out.say(str(rejects))
    left = _left(run)
    for row in left.get("stay", {}).get("first", ()):
        out.say(f"  {row['number']}  {row['name']}")
    out.result({"ok": True, **_as_json(run), "left": left or None, "rejects_file": str(rejects) if rejects else None})


def _left(run: Any) -> dict[str, Any]:
    """After an undoing: whom it left and whom it archived, as JSON."""
    from zhike.collect import queries
    from zhike.secure.records import LOCAL_OPERATOR

    if run.state != "undone" or not (left := queries.left_by_undo(run, LOCAL_OPERATOR)):
        return {}
    return {
        which: {
            "count": left[which],
            "first": [{"number": r.number, "public_id": r.public_id, "name": r.name} for r in left[f"{which}_rows"]],
        }
        for which in ("stay", "archived")
    }

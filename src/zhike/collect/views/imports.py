"""Imports: the list, and one import from its file to its undoing."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.collect import actions, preview, queries, storage, upload
from zhike.collect.forms import GUESS, NEW_SOURCE, DescribeForm, UploadForm
from zhike.collect.mapping import templates
from zhike.collect.reading import FileProblem
from zhike.collect.reasons import STATES, reason_text
from zhike.collect.records import RunFacts
from zhike.collect.source_kinds import PLATFORMS
from zhike.collect.telling import KINDS
from zhike.collect.views.telling import check_view, result_view
from zhike.customers import actions as customers_do
from zhike.customers import queries as customers
from zhike.kit import chance
from zhike.kit.jobs import reading
from zhike.secure import actions as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

_PAGE = 50
TONES = {
    "done": "good",
    "failed": "bad",
    "paused": "warn",
    "running": "info",
    "queued": "info",
    "checking": "info",
    "undoing": "info",
}
_MOVING = ("checking", "queued", "running", "undoing")


@needs("collect.view")
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of collecting is the list of imports."""
    return redirect("collect:imports")


@needs("collect.view")
@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """All imports, newest first, with what came of each."""
    before = request.GET.get("before", "")
    found = queries.runs(most=_PAGE + 1, before_id=int(before) if before.isdigit() else None)
    rows = [(run, STATES.get(run.state, run.state), TONES.get(run.state, "neutral")) for run in found[:_PAGE]]
    context = {
        "rows": rows,
        "kinds": KINDS,
        "moving": any(run.state in _MOVING for run in found),
        "next_before": found[_PAGE - 1].id if len(found) > _PAGE else None,
    }
    return render(request, "collect/imports.html#list" if request.htmx else "collect/imports.html", context)  # type: ignore[attr-defined]


@csrf_exempt  # the form is checked below, after the sealed upload handler stands: reading the token would read the file
def new(request: HttpRequest) -> HttpResponse:
    """The first step: choose the file. It is sealed while it comes."""
    if request.method == "POST":
        request.upload_handlers = upload.handlers(request)
    return _new(request)


@csrf_protect
@needs("collect.import")
@require_http_methods(["GET", "POST"])
def _new(request: HttpRequest) -> HttpResponse:
    form = UploadForm(request.POST or None, request.FILES or None, initial={"project": request.GET.get("project", "")})
    if request.method == "POST" and (problem := getattr(request, upload.PROBLEM, "")):
        messages.error(request, reason_text(problem, {}))
        return render(request, "collect/new.html", {"form": UploadForm(), "step": 1})
    if request.method == "POST":
        sealed = request.FILES.get(upload.FIELD)
        if isinstance(sealed, upload.SealedUpload) and form.is_valid():
            return _taken_in(request, sealed, form)
        for unused in (file for name in request.FILES for file in request.FILES.getlist(name)):
            if isinstance(unused, upload.SealedUpload):
                storage.destroy(unused.file_key)
    return render(request, "collect/new.html", {"form": form, "step": 1})


new.zhike_needs = "collect.import"  # type: ignore[attr-defined]


def _taken_in(request: HttpRequest, sealed: upload.SealedUpload, form: UploadForm) -> HttpResponse:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run = actions.register_file(
        sealed.run_id, sealed.file_key, sealed.name or "", digest=sealed.digest, byte_count=sealed.size or 0, by=viewer
    )
    if project := form.cleaned_data["project"]:
        try:
            actions.put_into_project(run.id, project, by=viewer)
        except actions.ImportRefused as refused:
            messages.error(request, reason_text(refused.code, refused.params))
    lines = request.FILES.get(upload.LINES_FIELD)
    if isinstance(lines, upload.SealedUpload):
        actions.attach_lines(run.id, lines.file_key, by=viewer)
    mapping = form.cleaned_data["mapping"]
    if not _related_taken_in(request, run, viewer):
        return redirect("collect:import", run.public_id)
    text = mapping.read().decode("utf-8-sig", "replace") if mapping else ""
    try:
        actions.describe(run.id, mapping_text=text, encoding=form.cleaned_data["encoding"], by=viewer)
    except FileProblem as problem:
        if problem.code != "template_not_recognized":  # that is no fault: the next page asks what the columns mean
            messages.error(request, reason_text(problem.code, problem.params))
            actions.note_problem(run.id, problem)
    return redirect("collect:import", run.public_id)


def _related_taken_in(request: HttpRequest, run: RunFacts, viewer: Viewer) -> bool:
    """Put every related table beside the run, under the name of its file."""
    for file in request.FILES.getlist(upload.RELATED_FIELD):
        if isinstance(file, upload.SealedUpload):
            try:
                actions.attach_related(run.id, (file.name or "").partition(".")[0][:60], file.file_key, by=viewer)
            except FileProblem as problem:
                storage.destroy(file.file_key)
                actions.note_problem(run.id, problem)
                return False
    return True


@needs("collect.view")
@require_GET
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One import: the step it is at, what was found, what came of it. htmx asks for its state while it moves."""
    run = _run(public_id)
    context = _context(run, request.viewer)  # type: ignore[attr-defined]
    template = "collect/import.html#state" if request.htmx else "collect/import.html"  # type: ignore[attr-defined]
    return render(request, template, context)


@needs("collect.import")
@require_POST
def describe(request: HttpRequest, public_id: str) -> HttpResponse:
    """The second step: say what the file is and where it comes from, then have it checked."""
    run, viewer = _run(public_id), request.viewer  # type: ignore[attr-defined]
    form = _describe_form(run, viewer, request.POST)
    if not form.is_valid():
        return render(request, "collect/import.html", {**_context(run, viewer), "describe": form})
    try:
        asked, sheet = form.cleaned_data["template"], form.cleaned_data["sheet"]
        actions.choose_source(run.id, _source_id(form, viewer), by=viewer)
        if asked == GUESS:
            _turn_to(run, sheet, viewer)
            return redirect("collect:mapping", public_id)
        text = "" if asked in templates() else queries.mapping_text(asked or public_id)
        actions.describe(run.id, template_code=asked or "auto", mapping_text=text, sheet=sheet, by=viewer)
        actions.start_check(run.id, by=viewer)
    except (FileProblem, actions.ImportRefused) as refused:
        messages.error(request, reason_text(refused.code, refused.params))
    return redirect("collect:import", public_id)


def _turn_to(run: RunFacts, sheet: str, viewer: Viewer) -> None:
    """Read another sheet of the workbook; that no template knows it is what the mapping page is for."""
    if sheet and sheet != run.sheet:
        try:
            actions.describe(run.id, sheet=sheet, by=viewer)
        except FileProblem as problem:
            if problem.code != "template_not_recognized":
                raise


def _source_id(form: DescribeForm, viewer: Viewer) -> int:
    given = form.cleaned_data
    if given["source"] != NEW_SOURCE:
        return int(given["source"])
    found = templates().get(given["template"])
    code = slugify(given["name"]) or f"source-{chance.public_id()[:6].lower().replace('_', 'x')}"
    if any(s.code == code for s in customers.sources(archived=True)):
        code = f"{code}-{chance.public_id()[:6].lower().replace('_', 'x')}"
    made = customers_do.add_source(
        code=code[:60],
        name=given["name"],
        channel_kind=given["channel_kind"] or "shop_platform",
        legal_basis=given["legal_basis"],
        notice_text=given["notice_text"],
        platform=found.platform if found else "",
        by=viewer,
    )
    return made.id


@needs("collect.import")
@require_POST
def start(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record the file."""
    return _steer(request, public_id, actions.start_import)


@needs("collect.import")
@require_POST
def pause(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hold the import back after its batch."""
    return _steer(request, public_id, actions.pause_import)


@needs("collect.import")
@require_POST
def resume(request: HttpRequest, public_id: str) -> HttpResponse:
    """Let it go on."""
    return _steer(request, public_id, actions.resume_import)


@needs("collect.undo")
@require_POST
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Take everything back that the import said; the file's name is asked for."""
    run = _run(public_id)
    if request.POST.get("confirm_name", "").strip() != run.file_name:
        messages.error(request, _("Type the name of the file to undo its import."))
        return redirect("collect:import", public_id)
    return _steer(request, public_id, actions.undo_import)


def _steer(request: HttpRequest, public_id: str, act: Any) -> HttpResponseRedirect:
    try:
        act(_run(public_id).id, by=request.viewer)  # type: ignore[attr-defined]
    except actions.ImportRefused as refused:
        messages.error(request, reason_text(refused.code, refused.params))
    return redirect("collect:import", public_id)


@needs("collect.import")
@require_GET
def rejects(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rows kept out, as they came, to be fixed and imported again. Each download is in the audit."""
    run = _run(public_id)
    if not run.file_is_there:
        raise Http404
    secure.record_audit("import.rejects", by=request.viewer, about=("import", run.id))  # type: ignore[attr-defined]
    answer = StreamingHttpResponse(
        (line.encode() for line in queries.rejects_csv(run.id)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="zhike-rejects-{run.id}.csv"'
    answer["Cache-Control"] = "no-store"
    return cast(HttpResponse, answer)


def _run(public_id: str) -> RunFacts:
    run = queries.run(public_id) if not public_id.isdigit() else None
    if run is None:
        raise Http404
    return run


def _describe_form(run: RunFacts, viewer: Viewer, data: Any = None) -> DescribeForm:
    own = bool(run.kind) and not run.template
    platform = templates()[run.template].platform if run.template in templates() else ""
    matching = [s for s in customers.sources() if not s.is_house and platform and s.platform == platform]
    may_add = viewer.can("sources.manage")
    first = {
        "template": run.template or ("" if own else GUESS),
        "sheet": run.sheet,
        "source": str(matching[0].id) if matching else NEW_SOURCE,
        "channel_kind": "shop_platform",
        "legal_basis": "contract",
    }
    first["name"] = str(PLATFORMS.get(platform, ""))
    saved = [(m.public_id, m.name) for m in queries.saved_mappings()]
    return DescribeForm(data, initial=first, own_mapping=own, may_add_source=may_add, sheets=run.sheets, saved=saved)


def _next_steps(run: RunFacts, viewer: Viewer) -> list[tuple[str, str, str]]:
    """Where to go from a file that is in, best first: icon, words, address."""
    steps = [
        ("player-play", _("Run the analysis"), "analyze:new_run", "analyze.run", run.kind == "orders"),
        (
            "users",
            _("See the customers"),
            "desk:register",
            "customers.view",
            run.kind in ("orders", "customers", "tags"),
        ),
        ("upload", _("Import another file"), "collect:new", "collect.import", True),
    ]
    return [(icon, str(words), reverse(name)) for icon, words, name, right, fits in steps if fits and viewer.can(right)]


def _context(run: RunFacts, viewer: Viewer) -> dict[str, Any]:
    steps = {
        "stored": 2,
        "checking": 4,
        "checked": 4,
        "queued": 5,
        "running": 5,
        "paused": 5,
        "done": 5,
        "undoing": 5,
        "undone": 5,
    }
    begun = run.started_at is not None
    context: dict[str, Any] = {
        "run": run,
        "state_label": STATES.get(run.state, run.state),
        "tone": TONES.get(run.state, "neutral"),
        "step": steps.get(run.state, 5 if begun else 2),
        "moving": run.state in _MOVING,
        "job": reading.one(run.job_id) if run.state in (*_MOVING, "paused", "failed") else None,
        "poll_url": reverse("collect:import", args=[run.public_id]),
        "error": reason_text(run.error_code, run.error_params) if run.error_code else "",
        "may_import": viewer.can("collect.import"),
        "may_undo": viewer.can("collect.undo") and run.state in ("done", "paused", "failed") and begun,
        "begun": begun,
    }
    if run.state == "stored" or (run.state == "failed" and not begun):
        context["describe"] = _describe_form(run, viewer)
    if "rows" in run.check_result and run.state in ("checked", "queued"):
        context["check"] = check_view(run)
        if run.state == "checked" and run.file_is_there:
            context["preview"] = preview.preview(run.id, viewer)
    if run.state == "undone":
        context["left"] = queries.left_by_undo(run, viewer)
    if run.counts:
        context["result"] = result_view(run)
        context["reject_rows"] = queries.rejects(run.id, most=20, fatal_only=True)
        context["notes"] = queries.notes(run)
        context["next_steps"] = _next_steps(run, viewer)
    return context

"""The mapping page of an import, and the mappings of the house."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.collect import actions, columns, queries
from zhike.collect.mapping import Guess, load, yaml_of
from zhike.collect.mapping.targets import KEYS, NEEDED, TARGETS, targets_of
from zhike.collect.reading import FileProblem
from zhike.collect.reasons import reason_text
from zhike.collect.records import RunFacts
from zhike.collect.telling import KINDS
from zhike.collect.words import CASE_AND_ORDER_STATES
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer


@needs("collect.import")
@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, public_id: str) -> HttpResponse:
    """The third step for a file no template knows: what each column means, guessed and to be corrected."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    run = queries.run(public_id)
    if run is None or run.started_at is not None or "encoding" not in run.check_result:
        raise Http404
    try:
        head = columns.head_of(run.id)
    except FileProblem as problem:
        messages.error(request, reason_text(problem.code, problem.params))
        return redirect("collect:import", public_id)
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", "") if asked.get("kind", "") in TARGETS else ""
    found = columns.known_or_guessed(run.id, head, kind)
    if request.method == "POST":
        chosen, text = _chosen(request, head, found)
        if (wrong := _missing(found.kind, chosen)) == "":
            return _described(request, run, text, viewer)
        messages.error(request, wrong)
        found = replace(found, meanings=chosen)
    return render(request, "collect/mapping.html", _context(run, head, found, viewer))


def _context(run: RunFacts, head: columns.Head, found: Guess, viewer: Viewer) -> dict[str, Any]:
    return {
        "run": run,
        "step": 3,
        "found": found,
        "kinds": {kind: label for kind, label in KINDS.items() if kind in TARGETS},
        "columns": columns.columns(head, found.kind, found.meanings, viewer),
        "targets": targets_of(found.kind),
        "needed": NEEDED[found.kind],
        "words": columns.words_asked(found),
        "state_words": CASE_AND_ORDER_STATES,
    }


def _chosen(request: HttpRequest, head: columns.Head, found: Guess) -> tuple[dict[int, str], str]:
    """The meanings the form names and the mapping file they make; what is no meaning of this kind is left out."""
    known = {target.code for target in targets_of(found.kind)}
    chosen = {at: code for at in range(len(head.headers)) if (code := request.POST.get(f"c{at}", "")) in known}
    words = {
        code: {
            word: state
            for index, word in enumerate(listed)
            if (state := request.POST.get(f"w-{code}-{index}", "")) in CASE_AND_ORDER_STATES[code]
        }
        for code, listed in found.words.items()
    }
    text = yaml_of(
        found.kind,
        head.headers,
        chosen,
        title=" ".join(request.POST.get("name", "").split())[:80],
        row_per="line" if request.POST.get("row_per") == "line" else "order",
        dates=request.POST.get("dates", "") if request.POST.get("dates") in ("dmy", "mdy") else "",
        decimal=request.POST.get("decimal", "") if request.POST.get("decimal") in (",", ".") else "",
        words=words,
    )
    return chosen, text


def _missing(kind: str, chosen: dict[int, str]) -> str:
    """What a mapping still lacks, in words; blank when nothing."""
    codes = list(chosen.values())
    doubled = sorted({code for code in codes if codes.count(code) > 1 and code != "product.attributes"})
    labels = {target.code: str(target.label) for target in targets_of(kind)}
    if doubled:
        return _("Two columns cannot both be: %(what)s.") % {"what": ", ".join(labels[code] for code in doubled)}
    lacking = [labels[code] for code in NEEDED[kind] if code not in codes]
    if kind in ("customers", "tags") and not any(f"customer.{key}" in codes for key in KEYS):
        lacking.append(_("something that tells customers apart: phone, e-mail, number or account name"))
    return _("Say which column holds: %(what)s.") % {"what": ", ".join(lacking)} if lacking else ""


def _described(request: HttpRequest, run: RunFacts, text: str, viewer: Viewer) -> HttpResponse:
    """Take the mapping over, keep it if it has a name, and check the file with it."""
    try:
        actions.describe(run.id, mapping_text=text, sheet=run.sheet, by=viewer)
        name = " ".join(request.POST.get("name", "").split())[:80]
        if name:
            actions.save_mapping(name, text, by=viewer)
        if run.source_id is not None:
            actions.start_check(run.id, by=viewer)
    except (FileProblem, actions.ImportRefused) as refused:
        messages.error(request, reason_text(refused.code, refused.params))
        return redirect("collect:mapping", run.public_id)
    return redirect("collect:import", run.public_id)


@needs("collect.view")
@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    """The mappings of the house."""
    context = {"rows": queries.saved_mappings(), "kinds": KINDS, "may": request.viewer.can("collect.import")}  # type: ignore[attr-defined]
    return render(request, "collect/mappings.html", context)


@needs("collect.view")
@require_GET
def download(request: HttpRequest, public_id: str) -> HttpResponse:
    """A mapping as a YAML file, or the one an import was made with."""
    found = queries.mapping_text(public_id)
    if not found:
        raise Http404
    load(found)
    answer = HttpResponse(found, content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="zhike-mapping-{public_id}.yaml"'
    return answer


@needs("collect.import")
@require_POST
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Throw a mapping away."""
    if not actions.delete_mapping(public_id, by=request.viewer):  # type: ignore[attr-defined]
        raise Http404
    messages.success(request, _("The mapping is thrown away; imports made with it keep their own copy."))
    return redirect("collect:mappings")

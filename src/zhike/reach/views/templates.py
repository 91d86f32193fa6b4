"""Templates: the list, one with its preview per language, writing them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.reach import actions, queries, rendering, words
from zhike.reach.queries.templates import TemplateFacts, preview
from zhike.secure import consents
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

LANGUAGES = {"zh-hans": "简体中文", "en": "English"}
NAMES = {"zh-hans": "王小明", "en": "Alex Wang"}


class TemplateForm(forms.Form):
    """A template: its name and purpose, its words per language, samples for the preview."""

    name = forms.CharField(label=_("Name of the template"), max_length=80)
    purpose = forms.ChoiceField(label=_("Purpose"))

    def __init__(self, *args: Any, kept: TemplateFacts | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = [p for p in consents.purposes() if p.code != "marketing_phone"]
        self.fields["purpose"].choices = [(p.code, p.label) for p in purposes]  # type: ignore[attr-defined]
        for code, name in LANGUAGES.items():
            said = kept.texts.get(code, {}) if kept else {}
            self.fields[f"subject_{code}"] = forms.CharField(
                label=_("Subject · %(language)s") % {"language": name}, max_length=rendering.LONGEST_SUBJECT, required=False,
                initial=said.get("subject", ""),
            )  # fmt: skip
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Text · %(language)s") % {"language": name}, max_length=rendering.LONGEST_BODY, required=False,
                widget=forms.Textarea({"rows": 8, "translate": "no"}), initial=said.get("body", ""),
            )  # fmt: skip
        if kept:
            self.initial = {"name": kept.name, "purpose": kept.purpose}
            self.fields["purpose"].disabled = True
            for fact in kept.facts:
                label = _("Sample for %(name)s") % {"name": fact}
                self.fields[f"sample_{fact}"] = forms.CharField(
                    label=label, max_length=rendering.LONGEST_FACT, required=False, initial=kept.samples.get(fact, "")
                )

    def texts(self) -> dict[str, dict[str, str]]:
        """What was typed, by language."""
        given = self.cleaned_data
        return {code: {"subject": given[f"subject_{code}"], "body": given[f"body_{code}"]} for code in LANGUAGES}

    def samples(self) -> dict[str, str]:
        """The samples that were typed."""
        return {k.removeprefix("sample_"): v for k, v in self.cleaned_data.items() if k.startswith("sample_") and v}


@needs("reach.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """All templates, those put away last."""
    viewer = _viewer(request)
    rows = sorted(queries.templates(viewer, archived=True), key=lambda t: t.is_archived)
    context = {"rows": rows, "labels": _labels(), "languages": LANGUAGES, "may_write": viewer.can("reach.templates")}
    return render(request, "reach/templates.html", context)


@needs("reach.view")
@require_GET
def one(request: HttpRequest, public_id: str) -> HttpResponse:
    """A template as its reader will see it, in each language."""
    viewer = _viewer(request)
    kept = queries.template(viewer, public_id)
    if kept is None:
        raise Http404
    shown = [
        (
            LANGUAGES.get(code, code),
            code,
            preview(kept.texts, code, kept.samples, kept.purpose, name=NAMES.get(code, "")),
        )
        for code in kept.texts
    ]
    purpose = consents.purpose(kept.purpose)
    context = {
        "kept": kept,
        "shown": shown,
        "labels": _labels(),
        "purpose": purpose,
        "may_write": viewer.can("reach.templates"),
    }
    return render(request, "reach/template.html", context)


@needs("reach.templates")
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a template."""
    form = TemplateForm(request.POST or None, kept=None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.make_template(given["name"], given["purpose"], form.texts(), by=_viewer(request))
        except actions.TemplateRefused as refusal:
            form.add_error(None, words.refusal(refusal.code))
        else:
            return redirect("reach:template", made)
    return render(request, "reach/template_form.html", {"form": form, "kept": None, "built_in": rendering.BUILT_IN})


@needs("reach.templates")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write the next version."""
    kept = queries.template(_viewer(request), public_id)
    if kept is None:
        raise Http404
    form = TemplateForm(request.POST or None, kept=kept)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_template(
                public_id, form.cleaned_data["name"], form.texts(), samples=form.samples(), by=_viewer(request)
            )
        except actions.TemplateRefused as refusal:
            form.add_error(None, words.refusal(refusal.code))
        else:
            messages.success(request, _("The new version is in use from now on."))
            return redirect("reach:template", public_id)
    return render(request, "reach/template_form.html", {"form": form, "kept": kept, "built_in": rendering.BUILT_IN})


@needs("reach.templates")
@require_POST
def archive(request: HttpRequest, public_id: str) -> HttpResponse:
    """Put a template away, or take it into use again."""
    try:
        actions.archive_template(public_id, back="back" in request.POST, by=_viewer(request))
    except actions.TemplateRefused:
        raise Http404 from None
    return redirect("reach:template", public_id)


def _labels() -> dict[str, Any]:
    return {p.code: p.label for p in consents.purposes(archived=True)}


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer

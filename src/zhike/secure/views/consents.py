"""Consent for whoever answers for it: how each purpose stands, the words it is told in, purposes of one's own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.secure import consents, queries
from zhike.secure.consents.notices import LANGUAGES, LONGEST_BODY, LONGEST_TITLE
from zhike.secure.consents.starters import STARTERS
from zhike.secure.consents.words import BASES
from zhike.secure.permissions import needs

LANGUAGE_NAMES = {"zh-hans": "简体中文", "en": "English"}
REFUSALS = {
    "title": _("Each language you write needs a title of at most 120 characters."),
    "body": _("Each language you write needs a text; at least one language is needed."),
    "same": _("This is word for word the version that is in use."),
    "used": _("Somebody has answered to this version: it stays as it is. Write the next one."),
    "name": _("The purpose needs a name in both languages, at most 60 characters each."),
    "code": _("A code has small letters, digits and underscores, and begins with a letter."),
    "code_taken": _("There is a purpose of this code already."),
    "too_many": _("There are as many own purposes as there can be."),
}
_ELSE = _("One of the values is not allowed.")


class NoticeForm(forms.Form):
    """The words of a notice in each language; a language left empty falls back to the other."""

    asks_anew = forms.BooleanField(
        label=_("Ask everybody anew: purpose, ways or kinds of data have changed"), required=False,
        help_text=_("Consents to earlier versions then no longer count. Leave it off for better wording alone."),
    )  # fmt: skip

    def __init__(self, *args: Any, texts: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            said, name = texts.get(code, {}), LANGUAGE_NAMES[code]
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title · %(language)s") % {"language": name}, max_length=LONGEST_TITLE, required=False, initial=said.get("title", "")
            )  # fmt: skip
            self.fields[f"body_{code}"] = forms.CharField(
                label=_("Text · %(language)s") % {"language": name}, max_length=LONGEST_BODY, required=False,
                widget=forms.Textarea({"rows": 9, "translate": "no"}), initial=said.get("body", ""),
            )  # fmt: skip
        if is_first:
            del self.fields["asks_anew"]
        else:
            self.fields["asks_anew"] = self.fields.pop("asks_anew")

    def texts(self) -> dict[str, dict[str, str]]:
        """What was typed, by language."""
        given = self.cleaned_data
        return {code: {"title": given[f"title_{code}"], "body": given[f"body_{code}"]} for code in LANGUAGES}


class PurposeForm(forms.Form):
    """A purpose of the merchant's own."""

    name_zh = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("For imports and the API, such as surveys."))
    basis = forms.ChoiceField(label=_("Legal basis"), choices=list(BASES.items()))
    is_separate = forms.BooleanField(label=_("A consent of its own is asked for it (separate consent)"), required=False)
    is_advertising = forms.BooleanField(
        label=_("Messages for it are advertising: quiet hours, caps, a way out in each"), required=False
    )


@needs("consents.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """How each purpose stands."""
    rows = consents.report()
    context = {"rows": rows, "ways": consents.WAYS, "bases": BASES, "may_write": _viewer(request).can("notices.edit")}
    return render(request, "secure/consents.html", context)


@needs("consents.view")
@require_GET
def purpose(request: HttpRequest, purpose: str) -> HttpResponse:
    """One purpose: its notice in the newest version beside the former, all versions, the latest withdrawals."""
    row = next((r for r in consents.report() if r.purpose.code == purpose), None)
    if row is None:
        raise Http404
    versions = consents.notices(purpose)
    shown, beside = _two(request, versions)
    told = consents.withdrawals(purpose)
    context = {
        "row": row, "versions": versions, "shown": shown, "beside": beside, "ways": consents.WAYS, "bases": BASES,
        "withdrawals": told, "staff": queries.staff_names([a.by_staff_id for a in told if a.by_staff_id]),
        "languages": LANGUAGE_NAMES, "may_write": _viewer(request).can("notices.edit"),
    }  # fmt: skip
    return render(request, "secure/purpose.html", context)


@needs("notices.edit")
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, purpose: str) -> HttpResponse:
    """Write the next version, or change the newest while nobody has answered to it."""
    found = consents.purpose(purpose)
    if found is None or found.is_archived:
        raise Http404
    versions = consents.notices(purpose)
    last = versions[0] if versions else None
    is_open = last is not None and not last.is_used
    texts = last.texts if last else STARTERS.get(purpose, {})
    is_first = last is None or (is_open and len(versions) == 1)
    initial = {"asks_anew": is_open and last is not None and last.asks_anew}
    form = NoticeForm(request.POST or None, texts=texts, is_first=is_first, initial=initial)
    if request.method == "POST" and form.is_valid():
        anew = bool(form.cleaned_data.get("asks_anew"))
        try:
            if is_open and last is not None:
                consents.change_notice(last.id, form.texts(), asks_anew=anew, by=_viewer(request))
            else:
                consents.make_notice(purpose, form.texts(), asks_anew=anew, by=_viewer(request))
        except consents.NoticeRefused as refusal:
            form.add_error(None, REFUSALS.get(refusal.code, _ELSE))
        else:
            messages.success(request, _("The notice is in use from now on."))
            return redirect("secure:purpose", purpose)
    context = {"form": form, "purpose": found, "last": last, "is_open": is_open, "is_draft": last is None}
    return render(request, "secure/notice_form.html", context)


@needs("notices.edit")
@require_http_methods(["GET", "POST"])
def add_purpose(request: HttpRequest) -> HttpResponse:
    """Add a purpose of one's own."""
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        code = given.pop("code").strip()
        try:
            consents.add_purpose(code, **given, by=_viewer(request))
        except consents.PurposeRefused as refusal:
            form.add_error("code" if refusal.code.startswith("code") else None, REFUSALS.get(refusal.code, _ELSE))
        else:
            return redirect("secure:notice", code)
    return render(request, "secure/purpose_form.html", {"form": form})


@needs("notices.edit")
@require_POST
def archive(request: HttpRequest, purpose: str) -> HttpResponse:
    """Put an own purpose away, or take it into use again."""
    act = consents.restore_purpose if "back" in request.POST else consents.archive_purpose
    try:
        act(purpose, by=_viewer(request))
    except consents.PurposeRefused:
        raise Http404 from None
    return redirect("secure:purpose", purpose)


def _two(request: HttpRequest, versions: list[Any]) -> tuple[Any, Any]:
    """The version asked for (or the newest), and the one before it."""
    asked = request.GET.get("version", "")
    shown = next((v for v in versions if str(v.version) == asked), versions[0] if versions else None)
    before = [v for v in versions if shown is not None and v.version < shown.version]
    return shown, before[0] if before else None


def _viewer(request: HttpRequest) -> Any:
    return request.viewer  # type: ignore[attr-defined]

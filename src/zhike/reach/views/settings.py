"""How the shop sends, a test message, and the suppression list."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhike.kit.installation import installation
from zhike.kit.paging import BadPageKey
from zhike.reach import actions, queries, words
from zhike.reach.actions.keeping import Wanted
from zhike.reach.actions.suppressing import BY_HAND
from zhike.reach.settings_of_mail import cap_of, settings
from zhike.secure import consents
from zhike.secure import queries as secure
from zhike.secure.permissions import needs
from zhike.secure.records import Viewer

CHANNELS = {"simulator": _("Simulator: nothing leaves the house"), "smtp": _("A mail server (SMTP)")}
SECURITIES = {"starttls": _("STARTTLS (port 587)"), "tls": _("TLS from the start (port 465)"), "none": _("None, inside one's own network")}  # fmt: skip
GROUPS = (
    (_("Sending"), ("is_on", "channel")),
    (_("Mail server"), ("host", "port", "security", "username", "password")),
    (_("Sender"), ("sender_name", "sender_address", "reply_to", "public_url")),
    (_("Hours"), ("quiet_from", "quiet_until", "quiet_for_service")),
)


class SettingsForm(forms.Form):
    """The settings; caps stand beside them, one line for each purpose."""

    is_on = forms.BooleanField(label=_("Send messages"), required=False, help_text=_("While it is off, messages wait; after three days they are given up."))  # fmt: skip
    channel = forms.ChoiceField(label=_("Channel"), choices=list(CHANNELS.items()))
    host = forms.CharField(label=_("Name of the mail server"), max_length=253, required=False)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    security = forms.ChoiceField(label=_("Encryption"), choices=list(SECURITIES.items()))
    username = forms.CharField(label=_("User name"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password"), max_length=400, required=False, widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("Sealed, never shown again. Leave it empty to keep the one that is there."),
    )  # fmt: skip
    sender_name = forms.CharField(label=_("Name of the sender"), max_length=80, required=False)
    sender_address = forms.CharField(label=_("Address of the sender"), max_length=200, required=False)
    reply_to = forms.CharField(label=_("Answers go to"), max_length=200, required=False)
    public_url = forms.CharField(
        label=_("Address of this installation, as customers reach it"), max_length=200, required=False,
        help_text=_("Such as https://crm.example.com. Every advertising message carries a link there that stops them; without it none is sent."),
    )  # fmt: skip
    quiet_from = forms.CharField(label=_("Quiet from"), max_length=5, widget=forms.TimeInput({"type": "time"}))
    quiet_until = forms.CharField(label=_("Quiet until"), max_length=5, widget=forms.TimeInput({"type": "time"}))
    quiet_for_service = forms.BooleanField(label=_("Also for service messages"), required=False)


@needs("reach.manage")
@require_http_methods(["GET", "POST"])
def sending(request: HttpRequest) -> HttpResponse:
    """Server, sender, hours, caps."""
    kept = settings()
    initial = {name: getattr(kept, name) for name in SettingsForm.base_fields if name != "password"}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        given["password"] = given["password"] or None
        try:
            actions.change_settings(Wanted(caps=_caps(request), **given), by=_viewer(request))
        except actions.SettingsRefused as refusal:
            form.add_error(None, words.refusal(refusal.code))
        else:
            messages.success(request, _now("Kept. It holds for the next message."))
            return redirect("reach:settings")
    purposes = [p for p in consents.purposes() if p.code != "marketing_phone"]
    context = {
        "form": form, "groups": [(title, [form[name] for name in names]) for title, names in GROUPS],
        "caps": [(p, cap_of(kept, p.code, p.is_advertising)) for p in purposes],
        "has_password": bool(kept.password), "kept": kept, "zone": installation().time_zone,
    }  # fmt: skip
    return render(request, "reach/settings.html", context)


@needs("reach.manage")
@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a test message and say what came of it."""
    told = actions.try_settings(request.POST.get("address", "")[:200], by=_viewer(request))
    if told.outcome == "sent":
        simulated = told.channel == "simulator"
        messages.success(request, _now("The simulator took it; nothing left the house.") if simulated else _now("The mail server took the test message."))  # fmt: skip
    else:
        messages.warning(request, _now("The test message was not taken: %(why)s") % {"why": words.why(told.code)})
    return redirect("reach:settings")


@needs("reach.view")
@require_GET
def suppressed(request: HttpRequest) -> HttpResponse:
    """Addresses nothing is sent to."""
    viewer, asked = _viewer(request), request.GET
    view = "lifted" if asked.get("view") == "lifted" else "standing"
    try:
        page = queries.suppressed(viewer, view=view, after=asked.get("after", ""), before=asked.get("before", ""))
    except BadPageKey:
        return redirect("reach:suppressed")
    context = {
        "page": page, "view": view, "reasons": words.REASONS, "lifted": words.LIFTED, "labels": _labels(),
        "by_hand": [(code, words.REASONS[code]) for code in BY_HAND], "purposes": consents.purposes(),
        "staff": secure.staff_names([r.by_staff_id for r in page.items if r.by_staff_id]), "may_manage": viewer.can("reach.manage"),
    }  # fmt: skip
    return render(request, "reach/suppressed.html", context)


@needs("reach.manage")
@require_POST
def suppress(request: HttpRequest) -> HttpResponse:
    """Put an address on the list. What was typed is in no answer and no log."""
    given = request.POST
    try:
        actions.suppress(given.get("address", "")[:200], reason=given.get("reason", ""), purpose=given.get("purpose", ""), by=_viewer(request))  # fmt: skip
    except actions.SuppressionRefused as refusal:
        messages.error(request, words.refusal(refusal.code))
    else:
        messages.success(request, _now("Nothing is sent to this address any more."))
    return redirect("reach:suppressed")


@needs("reach.manage")
@require_POST
def lift(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take an entry off the list."""
    try:
        actions.lift(entry_id, why=request.POST.get("why", ""), by=_viewer(request))
    except actions.SuppressionRefused as refusal:
        messages.error(request, words.refusal(refusal.code))
    return redirect("reach:suppressed")


def _caps(request: HttpRequest) -> dict[str, tuple[int, int]]:
    found = {}
    for purpose in consents.purposes():
        most, days = (
            request.POST.get(f"cap_{purpose.code}", "").strip(),
            request.POST.get(f"days_{purpose.code}", "").strip(),
        )
        if not most and not days:
            continue
        if not (most.isdecimal() and days.isdecimal() and len(most) < 6 and len(days) < 6):
            raise actions.SettingsRefused("caps")
        found[purpose.code] = (int(most), int(days))
    return found


def _labels() -> dict[str, Any]:
    return {p.code: p.label for p in consents.purposes(archived=True)}


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer

"""The shop's facts: name, time zone, currency; and one's language."""

from zoneinfo import available_timezones

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhike.kit.installation import installation, set_up
from zhike.secure import actions as secure
from zhike.secure.permissions import needs
from zhike.ui import names, zone


def _zones() -> list[tuple[str, str]]:
    rest = sorted(z for z in available_timezones() if "/" in z and z not in names.ZONES and not z.startswith("Etc/"))
    return [(z, names.zone_name(z)) for z in (*names.ZONES, *rest)]


def _currencies() -> list[tuple[str, str]]:
    return [(code, names.currency_name(code)) for code in names.CURRENCIES]


class SettingsForm(forms.Form):
    """What a day and an amount mean in this house."""

    name = forms.CharField(label=gettext_lazy("Name of the shop"), max_length=120)
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=_zones,
        help_text=gettext_lazy("A day of orders and analyses is a day here."),
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), choices=_currencies)


@needs("settings.edit")
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show and keep the shop's facts."""
    shop = installation()
    first = {"name": shop.name, "time_zone": shop.time_zone, "currency": shop.currency}
    form = SettingsForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            set_up(**form.cleaned_data)
            secure.record_audit("settings.changed", by=request.viewer)  # type: ignore[attr-defined]
        zone.forget()
        messages.success(request, _("The settings are kept."))
        return redirect("desk:settings")
    may_demo = request.viewer.can("demo.manage")  # type: ignore[attr-defined]
    return render(request, "desk/settings.html", {"form": form, "is_new": not shop.name, "may_demo": may_demo})

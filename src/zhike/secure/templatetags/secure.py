"""Template tags of the security pages: form fields drawn one way, words for codes."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from zhike.secure import consents, fields
from zhike.secure.audit_actions import ACTIONS, OBJECT_KINDS, Named
from zhike.secure.purposes import MACHINE_PURPOSES, PURPOSES
from zhike.secure.words import ACTORS, ALERTS, OUTCOMES, SCOPES, SIGHTS

register = template.Library()


@register.filter
def control(bound: BoundField) -> SafeString:
    """A form field's widget in the frame's look."""
    kind = getattr(bound.field.widget, "input_type", "")
    look = {"checkbox": "form-check-input", "select": "form-select", "hidden": ""}.get(kind, "form-control")
    return bound.as_widget(attrs={"class": look} if look else {})


@register.simple_tag
def sign_on_name() -> str:
    """The identity provider one may sign in through, or nothing."""
    from zhike.secure import single_sign_on

    return single_sign_on.name()


@register.filter
def action_label(code: str) -> Any:
    """The words for an audit action."""
    return ACTIONS.get(code, code)


@register.filter
def object_label(code: str) -> Any:
    """The words for the kind of thing an audit event is about."""
    return OBJECT_KINDS[code].words if code in OBJECT_KINDS else code


@register.simple_tag
def object_name(named: dict[tuple[str, str], Named], event: Any) -> SafeString:
    """What an audit event is about, by name and with its page where the reader may open it; else its id."""
    name = named.get((event.object_kind, event.object_id))
    if name is None:
        return format_html('<span class="num">{}</span>', event.object_id or "")
    return format_html('<a href="{}">{}</a>', name.url, name.label) if name.url else format_html("{}", name.label)


@register.filter
def outcome_label(code: str) -> Any:
    """The words for an audit outcome."""
    return OUTCOMES.get(code, code)


@register.filter
def actor_label(name: str) -> Any:
    """Who acted: a person's name as it stands, words for machines."""
    return ACTORS.get(name, name) or "–"


@register.filter
def purpose_label(code: str) -> Any:
    """The words for a purpose of a reveal, of a machine, or of consent."""
    if said := PURPOSES.get(code) or MACHINE_PURPOSES.get(code):
        return said
    asked = consents.purpose(code) if code else None
    return asked.label if asked else code


@register.filter
def field_label(name: str) -> Any:
    """The words for a field of the catalogue."""
    return fields.field(name).label if fields.known(name) else name


@register.filter
def sight_label(code: str) -> Any:
    """The words for shown, masked, hidden."""
    return SIGHTS.get(code, code)


@register.filter
def scope_label(code: str) -> Any:
    """The words for own, team, all."""
    return SCOPES.get(code, code)


@register.filter
def alert_label(code: str) -> Any:
    """The words for an alert of the audit."""
    return ALERTS.get(code, code)


@register.simple_tag(takes_context=True)
def role_label(context: template.Context, role: Any) -> str:
    """A role's name in the page's language."""
    return role.label(context.get("LANGUAGE_CODE") or "zh-hans")

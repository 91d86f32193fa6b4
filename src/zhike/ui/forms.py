"""Every form of the product is drawn by our own templates: `{{ form }}` or `{{ form.field.as_field_group }}`."""

from django.forms import CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, SelectMultiple, Textarea
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Set as FORM_RENDERER: field groups with label, help and error where a screen reader finds them."""

    form_template_name = "ui/parts/form.html"
    field_template_name = "ui/parts/field.html"


def control_class(field: BoundField) -> str:
    """The class the stylesheet gives to this kind of control."""
    widget = field.field.widget
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    if isinstance(widget, Select | SelectMultiple):
        return "form-select"
    return "form-control is-text" if isinstance(widget, Textarea) else "form-control"

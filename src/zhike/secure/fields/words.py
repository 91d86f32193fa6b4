"""Values in words: the labels behind codes."""

from django.utils.translation import gettext as _

from zhike.secure.fields.choices import YES_NO
from zhike.secure.fields.field import Choices, Field


def choices_of(field: Field) -> Choices:
    """The codes a field may hold with their labels; empty for a field of free words."""
    return YES_NO if field.kind == "yes_no" else field.choices


def words(field: Field, value: str) -> str:
    """A value for a reader: codes become their labels, everything else stays as it is."""
    labels = dict(choices_of(field))
    if not labels:
        return value
    return _(", ").join(str(labels.get(code, code)) for code in value.split("|")) if value else ""

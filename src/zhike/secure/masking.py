"""Masks: what may be seen of a value. The rules are the library's; the catalogue names one per field."""

from zhike.secure import fields
from zhike_analytics.values import masks


def mask(field_name: str, value: str, *, wide: bool) -> str:
    """The mask of a field's value. `wide` shows the leading digits of a phone too: only to those who may reveal it,
    because four hidden digits beside a city are few candidates.
    """
    kind = fields.field(field_name).mask
    return masks.mask(kind, value, "wide" if wide and kind == "phone" else "default")

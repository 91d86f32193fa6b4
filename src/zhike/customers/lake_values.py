"""What of a card's open values may enter the lake: codes, numbers and days, packed into one text; never words.

`|education_level=master|custom.tea=green,black|`: one column of the lake holds them all, so a field that is defined tomorrow
needs no new column and no new snapshot of everybody. Fields with a column of their own in the lake stay out.
"""

from collections.abc import Mapping

from zhike.secure import fields

KEY = "_lake"  # beside the values of a card; no field begins with an underscore
_OWN_COLUMN = frozenset({"sex", "country", "province", "city", "district", "occupation", "language"})
_PRODUCT = frozenset(
    f.name for f in fields.product_fields() if f.is_stated and f.lake in ("code", "value") and f.name not in _OWN_COLUMN
)


def is_packed(name: str) -> bool:
    """Whether a field's value lies in the packed text."""
    return name in _PRODUCT or (fields.is_custom(name) and fields.known(name) and bool(fields.field(name).lake))


def packed(values: Mapping[str, str]) -> str:
    """The packed text of a card's values; empty when none of them goes to the lake."""
    parts = [f"{name}={value.replace('|', ',')}" for name, value in sorted(values.items()) if is_packed(name)]
    return f"|{'|'.join(parts)}|" if parts else ""

"""The field catalogue: one row per field, and everything about a field derives from its row.

Policy, masks, sealing, search, exports, the lake's columns, the leak matrix and erasure read this table, so a field cannot
be added in a wrong way. Fields of the product stand in one file a subject; those a merchant defines are read from the
database and answer to `custom.<code>`.
"""

from zhike.secure.fields import credit, order, organisation, party, person
from zhike.secure.fields.catalogue import (
    _CATALOGUE,
    CUSTOM_PREFIX,
    catalogue,
    custom_fields_from,
    field,
    is_custom,
    known,
    product_fields,
    refresh,
    register,
)
from zhike.secure.fields.field import CLASS_LABELS, CLASSES, Class, Field, Form, Kind
from zhike.secure.fields.groups import GROUPS, group_label
from zhike.secure.fields.words import choices_of, words

__all__ = [
    "CLASSES",
    "CLASS_LABELS",
    "CUSTOM_PREFIX",
    "GROUPS",
    "_CATALOGUE",
    "Class",
    "Field",
    "Form",
    "Kind",
    "catalogue",
    "choices_of",
    "custom_fields_from",
    "field",
    "group_label",
    "is_custom",
    "known",
    "product_fields",
    "refresh",
    "register",
    "words",
]

register(*party.FIELDS, *person.FIELDS, *organisation.FIELDS, *order.FIELDS, *credit.FIELDS)

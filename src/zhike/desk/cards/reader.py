"""Who reads a card, and whether it leaves the house: of a file that leaves, only fields with the right to export are part."""

import datetime as dt
from dataclasses import dataclass

from zhike.customers.records import FieldValue
from zhike.desk.printing.sheet import Line
from zhike.secure import fields
from zhike.secure import queries as secure
from zhike.secure.records import Viewer
from zhike.ui.zone import shop_zone


@dataclass(frozen=True, slots=True)
class Reader:
    """A viewer, on the screen or with a file in the hand."""

    viewer: Viewer
    is_leaving: bool = False

    def may(self, *names: str) -> bool:
        """Whether all these fields may stand on what this reader gets, in the form they see them."""
        seen = all(secure.sight(self.viewer, name) != "hidden" for name in names)
        return seen and (not self.is_leaving or all(secure.may_export(self.viewer, name) for name in names))

    def line(self, value: FieldValue, *, is_wide: bool = False) -> Line:
        """A field of the file as a line of the card."""
        return Line(value.label, value.text, value.sight == "masked", is_wide or value.kind == "long")


def label(name: str) -> str:
    """The name of a field."""
    return str(fields.field(name).label)


def day(at: dt.datetime | dt.date | None) -> str:
    """A day by the shop's clock, as paper writes it."""
    if at is None:
        return ""
    local = at.astimezone(shop_zone()) if isinstance(at, dt.datetime) else at
    return f"{local:%Y-%m-%d}"

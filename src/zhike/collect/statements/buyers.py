"""Who a row speaks of: the first usable identity key, and what the row says about that customer."""

import datetime as dt

from zhike.collect.mapping.binding import Bound, Cells
from zhike.customers.records import Statement
from zhike_analytics.values import is_masked


class Buyers:
    """Statements about customers out of rows, as one bound mapping tells."""

    def __init__(self, bound: Bound) -> None:
        self._keys, self._fields, self._headers = bound.keys, bound.fields, bound.headers
        mapping = bound.mapping
        self._joins, self._missing, self._kind = mapping.joins, mapping.missing, mapping.person_kind
        # Of an order's row the customer's record keeps the buyer's cells only; the others speak of a receiver and goods.
        self._kept = bound.buyer_columns if mapping.kind == "orders" else range(len(bound.headers))
        names = dict(bound.receiver)
        self._receiver_name = names.get("name") if mapping.name_of_receiver else None

    def key(self, cells: Cells) -> tuple[tuple[str, str] | None, str]:
        """The identity key, or why there is none: not_given, masked, platform. A mask is shared by many and no identity."""
        masked = False
        for kind, getter in self._keys:
            value = getter(cells)
            if not value:
                continue
            if is_masked(value):
                masked = True
                continue
            return (kind, value), ""
        return None, "masked" if masked else self._missing

    def statement(self, key: tuple[str, str], cells: Cells, as_of: dt.datetime, row_no: int) -> Statement:
        """What the row says about the customer of that key; masked values say nothing and are left out."""
        values: dict[str, str] = {}
        for name, getter in self._fields:
            value = getter(cells)
            if value and not is_masked(value):
                values[name] = value
        weak: tuple[str, ...] = ()
        if self._receiver_name is not None and "name" not in values:
            name = self._receiver_name(cells)
            if name and not is_masked(name):
                values["name"], weak = name, ("name",)
        raw = {self._headers[at]: cells[at] for at in self._kept if cells[at]}
        return Statement(key, as_of, values, row_no, self._kind, raw, self._joins, weak)

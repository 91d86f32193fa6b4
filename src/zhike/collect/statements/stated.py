"""A product of a catalogue, or an after-sale case, out of its row."""

import datetime as dt
from typing import Any

from zhike.collect.mapping.binding import Bound, Cells, Getter, UnknownWord
from zhike.collect.statements.grouping import Group
from zhike.collect.statements.made import Made
from zhike.customers.records import Problem
from zhike.shop.records import Stated
from zhike_analytics.values import amount, lost_digits, moment
from zhike_analytics.values.problem import ValueProblem

_LONGEST = {"title": 400, "category": 200, "brand": 120, "barcode": 60, "sku": 120, "reason": 120, "order_id": 120}
_LONGEST_ATTRIBUTE = 200


def _blank(cells: Cells) -> str:
    return ""


class StatedBuilder:
    """Makes statements about products or cases of one file; of several rows with one key the last counts."""

    def __init__(self, bound: Bound, *, zone: str, currency: str) -> None:
        self.bound, self.mapping = bound, bound.mapping
        self.zone, self.currency = bound.mapping.zone or zone, bound.mapping.currency or currency
        self.key_of: Getter = bound.thing["sku" if bound.mapping.kind == "products" else "id"]

    def build(self, group: Group) -> Made:
        """The product or case a row states, or the problem that prevents it."""
        row = group.rows[-1]
        notes = tuple(Problem(number, "", "repeated_in_file", {"row": row.number}) for number in group.earlier)
        try:
            self._check(group.key, row.code, row.cells)
            columns = self._product(row.cells) if self.mapping.kind == "products" else self._case(row.cells)
        except _Wrong as wrong:
            return Made(
                (row.number,), problems=(*notes, Problem(row.number, wrong.field, wrong.code, wrong.params, True))
            )
        return Made((row.number,), stated=Stated(group.key, row.number, columns), problems=notes)

    def _check(self, key: str, code: str, cells: Cells) -> None:
        width = max((at + 1 for at, cell in enumerate(cells) if cell), default=0)
        if code == "row_too_long" or (code and self.bound.last_used >= width):
            raise _Wrong("", code)
        if not key:
            raise _Wrong("key", "thing_id_missing")
        if lost_digits(key):
            raise _Wrong("key", "digits_lost")
        if len(key) > 120:
            raise _Wrong("key", "order_id_too_long", {"most": 120})

    def _product(self, cells: Cells) -> dict[str, Any]:
        attributes = {
            name: text[:_LONGEST_ATTRIBUTE] for name, get in self.bound.attributes.items() if (text := get(cells))
        }
        return {
            **{name: self._text(name, cells) for name in ("title", "category", "brand", "barcode")},
            "price_cents": self._cents("price", cells),
            "cost_cents": self._cents("cost", cells),
            "attributes": attributes,
        }

    def _case(self, cells: Cells) -> dict[str, Any]:
        order = self._text("order_id", cells)
        if not order:
            raise _Wrong("order_number", "order_id_missing")
        opened = self._moment("opened_at", cells)
        if opened is None:
            raise _Wrong("opened_at", "moment.blank")
        closed = self._moment("closed_at", cells)
        quantity = self._cents("quantity", cells)
        return {
            "order_number": order,
            "sku": self._text("sku", cells),
            "kind": self._word("kind", cells) or "refund",
            "status": self._word("status", cells) or ("done" if closed else "open"),
            "reason": self._text("reason", cells),
            "quantity": None if quantity is None else quantity // 100,
            "amount_cents": self._cents("amount", cells),
            "currency": self._text("currency", cells)[:3].upper() or self.currency,
            "opened_at": opened.isoformat(),
            "closed_at": closed.isoformat() if closed else None,
        }

    def _get(self, name: str) -> Getter:
        return self.bound.thing.get(name, _blank)

    def _text(self, name: str, cells: Cells) -> str:
        return self._get(name)(cells)[: _LONGEST.get(name, 120)]

    def _word(self, name: str, cells: Cells) -> str:
        try:
            return self._get(name)(cells)
        except UnknownWord as unknown:
            raise _Wrong(name, "status_unknown", {"word": unknown.word[:40]}) from None

    def _cents(self, name: str, cells: Cells) -> int | None:
        text = self._get(name)(cells)
        try:
            return amount(text, self.mapping.decimal).cents if text else None
        except ValueProblem as problem:
            raise _Wrong(name, problem.code, dict(problem.params)) from None

    def _moment(self, name: str, cells: Cells) -> dt.datetime | None:
        text = self._get(name)(cells)
        try:
            return moment(text, self.zone, self.mapping.dates).at.astimezone(dt.UTC) if text else None
        except ValueProblem as problem:
            raise _Wrong(name, problem.code, dict(problem.params)) from None


class _Wrong(Exception):
    """The row cannot be recorded."""

    def __init__(self, field: str, code: str, params: dict[str, Any] | None = None) -> None:
        super().__init__(code)
        self.field, self.code, self.params = field, code, params or {}

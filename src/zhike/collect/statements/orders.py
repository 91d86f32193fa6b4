"""An order out of its rows."""

import datetime as dt
import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from zhike.collect.mapping.binding import Bound, Cells, Getter, UnknownWord
from zhike.collect.mapping.parse import KindRule
from zhike.collect.statements.buyers import Buyers
from zhike.collect.statements.grouping import Group
from zhike.collect.statements.made import Made
from zhike.customers.records import Problem, Statement
from zhike.shop.records import LineStatement, OrderStatement
from zhike_analytics.values import amount, lost_digits, moment
from zhike_analytics.values.problem import ValueProblem

Details = Mapping[str, Sequence[LineStatement]]

_PLAIN_NUMBER = re.compile(r"-?\d{1,12}(?:\.\d{1,6})?\Z")
_MONEY_FIELDS = ("total", "paid", "postage", "refund")


def _blank(cells: Cells) -> str:
    return ""


def _with_mark(get: Getter, mark: str | None) -> Getter:
    """Amounts of a file whose decimal mark is known, as plain decimal text; what is no amount stays to be refused later."""
    if mark is None or get is _blank:
        return get

    def plain(cells: Cells) -> str:
        text = get(cells)
        try:
            return amount(text, mark).text if text else ""
        except ValueProblem:
            return text

    return plain


class _Refused(Exception):
    """The order cannot be recorded: a problem at one of its rows."""

    def __init__(self, row_no: int, field: str, code: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.problem = Problem(row_no, field, code, params or {}, fatal=True)


class OrderBuilder:
    """Makes order statements of one file; `zone` is the shop's, unless the mapping names one."""

    def __init__(self, bound: Bound, *, zone: str, currency: str, details: Details | None = None) -> None:
        mapping = bound.mapping
        self.details: Details = details or {}
        self.bound, self.mapping = bound, mapping
        self.zone = mapping.zone or zone
        self.currency = mapping.currency or currency
        self.key_of = bound.order["id"]
        self._buyers = Buyers(bound)
        mark = mapping.decimal
        self._order = {name: bound.order.get(name, _blank) for name in ("ordered_at", "paid_at", "status", "currency")}
        self._order |= {
            name: _with_mark(bound.order.get(name, _blank), mark) for name in (*_MONEY_FIELDS, "subtotal", "tax")
        }
        self._line = tuple(
            get if name in ("sku", "title", "quantity") else _with_mark(get, mark)
            for name in ("sku", "title", "quantity", "unit_price", "amount", "discount")
            for get in [bound.lines.get(name, _blank)]
        )
        self._summed = {name for name, pick in mapping.order.items() if pick.is_sum}
        self._has_lines = bool(bound.lines)
        self._has_discount = "discount" in bound.lines
        self._has_amount = "amount" in bound.lines
        self._receiver = tuple(
            (f"receiver_{name}" if name != "message" else "buyer_message", get) for name, get in bound.receiver
        )
        self._line_kind_of = _LineKinds(mapping.line_kinds)
        self._moments: dict[str, dt.datetime] = {}

    def build(self, group: Group) -> Made:
        """The order a group of rows states, or the problems that prevent it."""
        numbers = tuple(row.number for row in group.rows)
        notes = tuple(Problem(number, "", "repeated_in_file", {"row": numbers[-1]}) for number in group.earlier)
        try:
            return Made(numbers, order=self._order_of(group), problems=notes, repeated_rows=_repeats(group))
        except _Refused as refused:
            siblings = tuple(
                Problem(n, "", "same_order_rejected", {"row": refused.problem.row_no}, fatal=True)
                for n in numbers
                if n != refused.problem.row_no
            )
            return Made(numbers, problems=(*notes, refused.problem, *siblings))

    def _order_of(self, group: Group) -> OrderStatement:
        first = group.rows[0]
        cells, row_no = first.cells, first.number
        self._check_shape(group)
        ordered_at = self._moment(self._first(group, "ordered_at"), "ordered_at", row_no)
        paid_text = self._order["paid_at"](cells)
        paid_at = self._moment(paid_text, "paid_at", row_no) if paid_text else None
        lines = self._lines_of(group)
        money = {name: self._first(group, name) for name in _MONEY_FIELDS}
        lines += self._balancing(group, lines, money)
        status = self._status(cells, row_no)
        buyer, why = self._buyer(group, ordered_at)
        sealed = {name: value for name, get in self._receiver if (value := get(cells))}
        return OrderStatement(
            group.key,
            ordered_at,
            lines,
            row_no,
            self._kind(group.key, status, money["total"], lines, row_no),
            status,
            self._order["currency"](cells) or self.currency,
            paid_at,
            money["paid"],
            money["postage"],
            money["refund"],
            money["total"],
            buyer,
            why,
            sealed,
        )

    def _lines_of(self, group: Group) -> tuple[LineStatement, ...]:
        detailed = self.details.get(group.key)
        if detailed:
            return tuple([replace(line, row_no=group.rows[0].number) for line in detailed])
        return tuple([self._line_of(row.cells, row.number) for row in group.rows]) if self._has_lines else ()

    def _balancing(
        self, group: Group, lines: tuple[LineStatement, ...], money: dict[str, str]
    ) -> tuple[LineStatement, ...]:
        """Lines for what an export states for the whole order only: its discount, and taxes that come on top."""
        subtotal, row_no = self._first(group, "subtotal"), group.rows[0].number
        if not subtotal or not lines:
            return ()
        goods = sum((_line_amount(line) for line in lines), Decimal(0))
        stated = _decimal(subtotal, "total", row_no)
        found = []
        if stated != goods:
            found.append(_extra("discount", "Discount", stated - goods, row_no))
        tax_text = self._first(group, "tax")
        tax = _decimal(tax_text, "total", row_no) if tax_text else Decimal(0)
        on_top = (
            _decimal(money["total"] or subtotal, "total", row_no)
            - stated
            - _decimal(money["postage"] or "0", "postage", row_no)
        )
        if tax and on_top == tax:  # else prices include the tax
            found.append(_extra("adjustment", "Taxes", tax, row_no))
        return tuple(found)

    def line(self, cells: Cells, row_no: int) -> LineStatement:
        """One row as a line, for a file of lines alone."""
        return self._line_of(cells, row_no)

    def _check_shape(self, group: Group) -> None:
        for row in group.rows:
            if row.code == "row_too_long" or (row.code and self.bound.last_used >= _filled(row.cells)):
                raise _Refused(row.number, "", row.code, {"columns": len(self.bound.headers)})
        if not group.key:
            raise _Refused(group.rows[0].number, "order_number", "order_id_missing")
        if lost_digits(group.key):
            raise _Refused(group.rows[0].number, "order_number", "digits_lost")
        if len(group.key) > 120:
            raise _Refused(group.rows[0].number, "order_number", "order_id_too_long", {"most": 120})

    def _first(self, group: Group, name: str) -> str:
        """An order-level value: exports that repeat the order on each line often fill only the first row."""
        get = self._order[name]
        if get is _blank:
            return ""
        if name in self._summed:
            texts = [(text, row.number) for row in group.rows if (text := get(row.cells))]
            return (
                format(sum((_decimal(text, name, number) for text, number in texts), Decimal(0)), "f") if texts else ""
            )
        return get(group.rows[0].cells) or next((value for row in group.rows[1:] if (value := get(row.cells))), "")

    def _status(self, cells: Cells, row_no: int) -> str:
        try:
            return self._order["status"](cells) or "completed"
        except UnknownWord as unknown:
            raise _Refused(row_no, "order_status", "status_unknown", {"word": unknown.word[:40]}) from None

    def _moment(self, text: str, field: str, row_no: int) -> dt.datetime:
        found = self._moments.get(text)
        if found is None:
            try:
                found = moment(text, self.zone, self.mapping.dates).at
            except ValueProblem as problem:
                raise _Refused(row_no, field, problem.code, problem.params) from None
            if len(self._moments) > 100_000:
                self._moments.clear()
            self._moments[text] = found
        return found

    def _buyer(self, group: Group, ordered_at: dt.datetime) -> tuple[Statement | None, str]:
        why = ""
        for row in group.rows:
            key, why_not = self._buyers.key(row.cells)
            if key is not None:
                return self._buyers.statement(key, row.cells, ordered_at, row.number), ""
            why = why if why == "masked" else why_not
        return None, why

    def _line_of(self, cells: Cells, row_no: int) -> LineStatement:
        get_sku, get_title, get_quantity, get_price, get_amount, get_discount = self._line
        sku, title, quantity = get_sku(cells), get_title(cells), get_quantity(cells)
        price = get_price(cells)
        stated = ""
        if self._has_amount:
            stated = get_amount(cells)
            if not price and stated:
                price = _unit_price(stated, quantity, row_no)
        elif self._has_discount and (discount := get_discount(cells)):
            stated = _less(price, quantity, discount, row_no)
        return LineStatement(sku, title, quantity or "1", price, stated, self._line_kind_of(sku, title), row_no)

    def _kind(self, order_id: str, status: str, total: str, lines: tuple[LineStatement, ...], row_no: int) -> str:
        for rule in self.mapping.order_kinds:
            if rule.id_prefix and not order_id.startswith(rule.id_prefix):
                continue
            if rule.status and status not in rule.status:
                continue
            if rule.negative_total and not _is_negative(total, lines, row_no):
                continue
            return rule.kind
        return "sale"


class _LineKinds:
    """Which lines are no goods, by patterns of code and title; answers are remembered per code and title."""

    def __init__(self, rules: tuple[KindRule, ...]) -> None:
        self._rules = [(rule.kind, _any_of(rule.sku), _any_of(rule.title)) for rule in rules]
        self._by_title = any(title for _, _, title in self._rules)
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, sku: str, title: str) -> str:
        key = (sku, title if self._by_title else "")
        found = self._known.get(key)
        if found is None:
            found = next((kind for kind, s, t in self._rules if (not s or s(sku)) and (not t or t(title))), "goods")
            if len(self._known) < 200_000:
                self._known[key] = found
        return found


def _any_of(patterns: tuple[str, ...]):  # type: ignore[no-untyped-def]
    """A test whether a text matches one of the patterns, letter case ignored; None when there are none."""
    if not patterns:
        return None
    return re.compile("|".join(fnmatch.translate(p) for p in patterns), re.IGNORECASE).match


def _filled(cells: Cells) -> int:
    """How many cells the row has up to its last filled one."""
    return max((at + 1 for at, cell in enumerate(cells) if cell), default=0)


def _repeats(group: Group) -> int:
    if len(group.rows) == 1:
        return 0
    return len(group.rows) - len({tuple(row.cells) for row in group.rows})


def _decimal(text: str, field: str, row_no: int) -> Decimal:
    if _PLAIN_NUMBER.match(text):
        return Decimal(text)
    try:
        return Decimal(amount(text).text)
    except ValueProblem as problem:
        raise _Refused(row_no, field, problem.code, problem.params) from None


def _unit_price(stated: str, quantity: str, row_no: int) -> str:
    count = _decimal(quantity, "quantity", row_no) if quantity else Decimal(1)
    if not count:
        return stated
    price = _decimal(stated, "order_lines", row_no) / count
    return format(price.quantize(Decimal("0.0001")).normalize(), "f")


def _line_amount(line: LineStatement) -> Decimal:
    if line.amount:
        return _decimal(line.amount, "order_lines", line.row_no)
    return _decimal(line.unit_price or "0", "unit_price", line.row_no) * _decimal(
        line.quantity, "quantity", line.row_no
    )


def _extra(kind: str, title: str, value: Decimal, row_no: int) -> LineStatement:
    text = format(value, "f")
    return LineStatement("", title, "1", text, text, kind, row_no)


def _less(price: str, quantity: str, discount: str, row_no: int) -> str:
    """Unit price × quantity − the line's own discount, as exact text."""
    count = _decimal(quantity, "quantity", row_no) if quantity else Decimal(1)
    full = _decimal(price, "unit_price", row_no) * count if price else Decimal(0)
    return format(full - _decimal(discount, "discount_amount", row_no), "f")


def _is_negative(total: str, lines: tuple[LineStatement, ...], row_no: int) -> bool:
    if total:
        return _decimal(total, "total", row_no) < 0
    return sum((_decimal(v, "order_lines", row_no) for line in lines if (v := line.amount)), Decimal(0)) < 0

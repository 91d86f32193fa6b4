"""From the texts of an order's lines to cents: each line is rounded once, the order adds up its lines."""

import re
from dataclasses import dataclass

from zhike.customers.records import Problem
from zhike.shop.records import LINE_KINDS, LineStatement, OrderStatement
from zhike_analytics.values.amounts import amount, line_cents
from zhike_analytics.values.problem import ValueProblem

_PLAIN = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?", re.ASCII)

# Orders in these states brought no money that stays.
_WITHOUT_REVENUE = {"unpaid", "closed", "cancelled"}


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line in cents, its kind checked, and whether the order already has an equal line."""

    sku: str
    title: str
    kind: str
    quantity: int
    unit_price: str
    amount_cents: int
    is_repeat: bool


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """An order in cents. `net_cents` is what counts as revenue: goods and postage less refunds, 0 without payment."""

    lines: tuple[PricedLine, ...]
    goods_cents: int
    postage_cents: int
    fee_cents: int
    refund_cents: int
    total_cents: int
    net_cents: int
    item_count: int
    problems: tuple[Problem, ...]


class OrderRefused(ValueError):
    """An order cannot be priced: the problem names the row, the field and the code."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def price(order: OrderStatement) -> PricedOrder:
    """Price an order. Raises OrderRefused when a quantity or price of a line cannot be read.

    A stated total that differs from the lines is kept in favor of the stated one for revenue, and reported.
    """
    if order.priced is not None:
        return _priced_before(order.priced)
    problems: list[Problem] = []
    lines = _lines(order)
    sums = dict.fromkeys(LINE_KINDS, 0)
    for line in lines:
        sums[line.kind] += line.amount_cents
    postage = sums["postage"] + _stated(order, "postage")
    lines_total = sum(sums.values()) + _stated(order, "postage")
    total = _stated(order, "total") if order.total else lines_total
    if order.total and lines and abs(total - lines_total) > max(1, len(lines)):
        problems.append(
            Problem(order.row_no, "total", "order.total_differs", {"difference_cents": total - lines_total})
        )
    paid = _stated(order, "paid") if order.paid else total
    # A file that says "refunded" and no amount means the whole of it.
    refund = abs(_stated(order, "refund")) or (max(paid, 0) if order.status == "refunded" else 0)
    revenue = (
        0
        if order.status in _WITHOUT_REVENUE and order.kind == "sale"
        else paid - refund - sums["fee"] - sums["adjustment"]
    )
    return PricedOrder(
        lines,
        sums["goods"] + sums["discount"] + sums["sample"] + sums["gift_card"],
        postage,
        sums["fee"] + sums["adjustment"],
        refund,
        total,
        revenue,
        sum(line.quantity for line in lines if line.kind == "goods"),
        tuple(problems),
    )


def _priced_before(found: PricedOrder | Problem) -> PricedOrder:
    if isinstance(found, Problem):
        raise OrderRefused(found)
    return found


def _lines(order: OrderStatement) -> tuple[PricedLine, ...]:
    seen: set[tuple[str, str, int, str, int]] = set()
    lines = []
    for line in order.lines:
        quantity, cents = _line_amount(order, line)
        key = (line.sku, line.title, quantity, line.unit_price, cents)
        lines.append(PricedLine(line.sku, line.title, line.kind, quantity, line.unit_price.strip(), cents, key in seen))
        seen.add(key)
    return tuple(lines)


def _line_amount(order: OrderStatement, line: LineStatement) -> tuple[int, int]:
    row = line.row_no or order.row_no
    if line.kind not in LINE_KINDS:
        raise OrderRefused(Problem(row, "kind", "line.kind_unknown", fatal=True))
    field = "quantity"
    try:
        quantity = _whole(line.quantity)
        field = "amount" if line.amount else "unit_price"
        cents = amount(line.amount).cents if line.amount else line_cents(_unit_price(line.unit_price), quantity)
    except ValueProblem as problem:
        raise OrderRefused(Problem(row, field, problem.code, problem.params, fatal=True)) from None
    return quantity, cents


def _unit_price(text: str) -> str:
    """The price as plain decimal text; most files write it so already."""
    calm = text.strip()
    return calm if _PLAIN.fullmatch(calm) else amount(calm or "0").text


def _whole(text: str) -> int:
    calm = text.strip() or "1"
    sign = calm[1:] if calm[0] in "+-" else calm
    if sign.isascii() and sign.isdigit() and len(sign) <= 9:
        return int(calm)
    hundredths = amount(calm).cents
    if hundredths % 100 or abs(hundredths) > 10**11:
        raise ValueProblem("quantity.not_whole")
    return hundredths // 100


def _stated(order: OrderStatement, name: str) -> int:
    given: str = getattr(order, name)
    if not given:
        return 0
    try:
        return amount(given).cents
    except ValueProblem as problem:
        raise OrderRefused(Problem(order.row_no, name, problem.code, problem.params, fatal=True)) from None

"""Payment behaviour 付款表现: how a customer paid what was due, from its invoices alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhike_analytics.problem import MeasureProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

# Ages of what is unpaid, in days past due: code → last day of it.
AGES: tuple[tuple[str, int | None], ...] = (
    ("not_due", 0), ("to_30", 30), ("to_60", 60), ("to_90", 90), ("over_90", None),
)  # fmt: skip
_LEAST_SETTLED = 3
_WORST_DAYS = 90.0  # as late as this, or later, earns nothing
_KEPT_DAYS = 5 * 365  # what lies back further does not speak against anybody
_ON_TIME_POINTS, _LATENESS_POINTS, _OVERDUE_POINTS = 50.0, 30.0, 20.0


@dataclass(frozen=True, slots=True)
class Invoice:
    """What was owed, from when to when, and what has been paid of it; ``paid_on`` is the day the last of it came."""

    due_on: date
    amount: float
    paid: float = 0.0
    paid_on: date | None = None
    issued_on: date | None = None

    @property
    def left(self) -> float:
        """What is still owed; never below zero, an overpayment is no debt of ours here."""
        return max(0.0, self.amount - self.paid)


@dataclass(frozen=True, slots=True)
class Ageing:
    """What is unpaid by age, in the order of ``AGES``; ``overdue`` is all that is past due, ``oldest_days`` its oldest."""

    amounts: Mapping[str, float]
    total: float
    overdue: float
    oldest_days: int


@dataclass(frozen=True, slots=True)
class Payments:
    """How it paid. ``points`` of 100, None with fewer than three settled invoices (``reason`` few_invoices).

    points = 50 × share paid in time (by amount) + 30 × (1 − mean days late / 90) + 20 × (1 − share of what is owed now that is
    past due); ``parts`` are the three. ``trend_days``: mean days late of the newer half less that of the older half.
    """

    invoices: int
    settled: int
    on_time_share: float | None
    mean_days_late: float | None
    worst_days_late: int
    trend_days: float | None
    overdue_share: float | None
    points: float | None
    parts: Mapping[str, float]
    reason: str = ""
    best_paid: float | None = None


def ageing(invoices: Iterable[Invoice], *, as_of: date) -> Ageing:
    """Unpaid amounts by days past due: 0–30, 31–60, 61–90, 90+, and what is not due yet."""
    amounts = {code: 0.0 for code, _ in AGES}
    oldest = 0
    for one in invoices:
        if one.left <= 0:
            continue
        days = (as_of - one.due_on).days
        code = next(code for code, last in AGES if last is None or days <= last)
        amounts[code] += one.left
        oldest = max(oldest, days)
    total = sum(amounts.values())
    return Ageing(amounts, total, total - amounts["not_due"], oldest)


def payment_behaviour(invoices: Iterable[Invoice], *, as_of: date) -> Payments:
    """How a customer paid, over invoices due in the last five years; one that is unpaid and past due is as late as today.

    Raises MeasureProblem ``credit.bad_invoice`` for an amount below zero.
    """
    held = [one for one in invoices if (as_of - one.due_on).days <= _KEPT_DAYS]
    if any(one.amount < 0 or one.paid < 0 for one in held):
        raise MeasureProblem("credit.bad_invoice")
    told = sorted((o for o in held if o.left <= 0 or o.due_on < as_of), key=lambda o: o.due_on)
    told = [one for one in told if one.amount > 0]
    late = [_days_late(one, as_of) for one in told]
    owed = ageing(held, as_of=as_of)
    overdue = owed.overdue / owed.total if owed.total else 0.0
    in_time = [one.amount for one, days in zip(told, late, strict=True) if days == 0 and one.left <= 0]
    best = max(in_time, default=None)
    if len(told) < _LEAST_SETTLED:
        return Payments(
            len(held), len(told), None, None, max(late, default=0), None, overdue, None, {}, "few_invoices", best
        )
    on_time = sum(in_time) / sum(one.amount for one in told)
    mean = sum(late) / len(late)
    half = len(late) // 2
    trend = sum(late[half:]) / len(late[half:]) - sum(late[:half]) / half
    parts = {
        "on_time": _ON_TIME_POINTS * on_time,
        "lateness": _LATENESS_POINTS * max(0.0, 1 - mean / _WORST_DAYS),
        "overdue": _OVERDUE_POINTS * (1 - overdue),
    }
    return Payments(
        len(held), len(told), on_time, mean, max(late), trend, overdue, sum(parts.values()), parts, "", best
    )


def days_of_sales_outstanding(receivables: float, credit_sales: float, days: int) -> float | None:
    """DSO = receivables / credit sales × days; None without credit sales."""
    if days <= 0:
        raise MeasureProblem("credit.negative_days", days=days)
    return receivables / credit_sales * days if credit_sales else None


def _days_late(one: Invoice, as_of: date) -> int:
    paid = one.paid_on if one.left <= 0 and one.paid_on else as_of if one.left > 0 else one.due_on
    return max(0, (paid - one.due_on).days)

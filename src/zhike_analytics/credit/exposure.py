"""Exposure 信用占用 and the hold rule: what a customer owes or is about to, and when an order waits for a person."""

from __future__ import annotations

from dataclasses import dataclass

from zhike_analytics.problem import MeasureProblem


@dataclass(frozen=True, slots=True)
class Exposure:
    """open invoices + shipped and not invoiced + approved orders − prepayments; below zero it is 0 owed."""

    invoices: float
    shipped: float
    orders: float
    prepayments: float
    total: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Whether an order waits, why (``over_limit``, ``overdue``, ``expired``, ``no_limit``), and what is free before it."""

    is_held: bool
    reasons: tuple[str, ...]
    free: float | None


def exposure(*, invoices: float = 0.0, shipped: float = 0.0, orders: float = 0.0, prepayments: float = 0.0) -> Exposure:
    """The parts and their sum. Raises MeasureProblem ``credit.negative_part``."""
    if min(invoices, shipped, orders, prepayments) < 0:
        raise MeasureProblem("credit.negative_part")
    total = invoices + shipped + orders - prepayments
    return Exposure(invoices, shipped, orders, prepayments, max(0.0, total))


def hold(
    owed: float,
    order: float,
    *,
    limit: float | None,
    overdue_days: int = 0,
    grace_days: int = 0,
    is_expired: bool = False,
) -> Hold:
    """Hold an order when what is owed and the order pass the limit, or something has been overdue longer than the grace.

    A limit that has expired holds too. Without a limit nothing was allowed on credit: ``no_limit`` holds whatever is not prepaid.
    """
    reasons = []
    if limit is None:
        if owed + order > 0:
            reasons.append("no_limit")
    elif owed + order > limit:
        reasons.append("over_limit")
    if overdue_days > grace_days:
        reasons.append("overdue")
    if limit is not None and is_expired:
        reasons.append("expired")
    return Hold(bool(reasons), tuple(reasons), None if limit is None else max(0.0, limit - owed))

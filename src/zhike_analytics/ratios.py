"""Operating ratios of enterprises 客户经营情况分析 from their statements: standard and textbook definitions side by side.

Two of the textbook's names mean something else in ordinary use, so no key is shared: its 现金比率 is the cash share of current
assets, its 变现比率 the ordinary cash ratio, its 资产负债率 debt to *net* assets, ordinarily 产权比率. A ratio that cannot be had is
None with the reason, never 0 or infinite, and net assets that are gone are told as such, never as little debt.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.purchases import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    import ibis.expr.types as ir

LEAST_PEERS = 4
# Rules of thumb; trades differ, none is a law: (ratio, watch, bad, whether more is better).
BOUNDS: tuple[tuple[str, float, float, bool], ...] = (
    ("current_ratio", 1.5, 1.0, True),
    ("quick_ratio", 1.0, 0.5, True),
    ("cash_to_current_liabilities", 0.2, 0.1, True),
    ("debt_to_asset", 0.7, 0.8, False),
)
_IDLE_CASH = 1.0
_ROUNDING = 0.001  # of total assets: what statements in units of 10,000 may be off
_DOWN_IN_A_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a balance sheet and its income statement state, all in one unit of money; None: not stated.

    ``other_cash``: notes payable at once and the like, where they are counted as cash-type 现金类.
    """

    current_assets: float | None = None
    inventory: float | None = None
    prepayments: float | None = None
    receivables: float | None = None
    cash: float | None = None
    securities: float | None = None
    other_cash: float | None = None
    total_assets: float | None = None
    current_liabilities: float | None = None
    total_liabilities: float | None = None
    net_assets: float | None = None
    retained_earnings: float | None = None
    sales: float | None = None
    ebit: float | None = None
    net_profit: float | None = None


PARTS = tuple(field.name for field in fields(Statement))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio, or why there is none: ``not_stated``, ``no_<denominator>`` (it is zero), ``net_assets_gone``."""

    key: str
    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RatioRule:
    """How a ratio is had. ``reading``: standard, textbook, or both where the two agree. ``beside``: the ratio that the other
    reading means by the same name. ``more_is_better``: for trends and peers."""

    key: str
    over: str
    under: str
    reading: str
    beside: str = ""
    more_is_better: bool = True


RULES = (
    RatioRule("current_ratio", "current_assets", "current_liabilities", "both"),
    RatioRule("quick_ratio", "quick_assets", "current_liabilities", "both"),
    RatioRule("quick_ratio_strict", "strict_quick_assets", "current_liabilities", "standard"),
    RatioRule("cash_to_current_assets", "cash_type", "current_assets", "textbook", "cash_to_current_liabilities"),
    RatioRule("cash_to_current_liabilities", "cash_type", "current_liabilities", "both", "cash_to_current_assets"),
    RatioRule("current_assets_to_total_debt", "current_assets", "total_liabilities", "textbook"),
    RatioRule("debt_to_net_assets", "total_liabilities", "net_assets", "textbook", "debt_to_asset", False),
    RatioRule("debt_to_asset", "total_liabilities", "total_assets", "standard", "debt_to_net_assets", False),
)
RULE_OF = {rule.key: rule for rule in RULES}


def completed(stated: Statement) -> dict[str, float | None]:
    """The parts, with whichever of total assets, total liabilities and net assets follows from the other two, and the sums
    ratios need: ``cash_type`` = cash + securities + other_cash, ``quick_assets`` = current assets − inventory,
    ``strict_quick_assets`` = quick assets − prepayments."""
    found = {name: getattr(stated, name) for name in PARTS}
    assets, debt, net = (found[name] for name in ("total_assets", "total_liabilities", "net_assets"))
    if net is None and assets is not None and debt is not None:
        found["net_assets"] = assets - debt
    elif debt is None and assets is not None and net is not None:
        found["total_liabilities"] = assets - net
    elif assets is None and debt is not None and net is not None:
        found["total_assets"] = debt + net
    cash = found["cash"]
    found["cash_type"] = None if cash is None else cash + (found["securities"] or 0) + (found["other_cash"] or 0)
    found["quick_assets"] = _less(found["current_assets"], found["inventory"])
    found["strict_quick_assets"] = _less(found["quick_assets"], found["prepayments"])
    return found


def ratios(stated: Statement) -> dict[str, Ratio]:
    """All ratios of one statement by their keys, in the order of ``RULES``; 1.8 is 180 %."""
    parts = completed(stated)
    return {rule.key: _ratio(rule, parts) for rule in RULES}


def _ratio(rule: RatioRule, parts: dict[str, float | None]) -> Ratio:
    over, under = parts[rule.over], parts[rule.under]
    if over is None or under is None:
        return Ratio(rule.key, None, "not_stated")
    if rule.under == "net_assets" and under <= 0:
        return Ratio(rule.key, None, "net_assets_gone")
    if under == 0:
        return Ratio(rule.key, None, f"no_{rule.under}")
    return Ratio(rule.key, over / under)


def ratio_table(statements: Any, *, con: Any = None) -> ir.Table:
    """``ratios`` for many statements at once: the table with a column for each ratio, null where there is none.

    The columns are the parts of :class:`Statement`; those that are absent count as not stated. A frame, Arrow, Parquet or
    an Ibis table; DuckDB and Spark alike.
    """
    rows = table(statements, con)
    had = [name for name in PARTS if name in rows.columns]
    if not had:
        raise MeasureProblem("ratios.no_parts")
    rows = rows.mutate(**{name: rows[name].cast("float64") for name in had})
    rows = rows.mutate(**{name: ibis.null("float64") for name in PARTS if name not in had})
    parts = {
        "total_assets": rows.total_assets.coalesce(rows.total_liabilities + rows.net_assets),
        "total_liabilities": rows.total_liabilities.coalesce(rows.total_assets - rows.net_assets),
        "net_assets": rows.net_assets.coalesce(rows.total_assets - rows.total_liabilities),
        "cash_type": rows.cash + rows.securities.fill_null(0.0) + rows.other_cash.fill_null(0.0),
        "quick_assets": rows.current_assets - rows.inventory,
        "strict_quick_assets": rows.current_assets - rows.inventory - rows.prepayments,
        "current_assets": rows.current_assets,
        "current_liabilities": rows.current_liabilities,
    }
    held = {rule.key: _held(rule, parts[rule.over], parts[rule.under]) for rule in RULES}
    return rows.mutate(**held).drop(*(name for name in PARTS if name not in had))


def _held(rule: RatioRule, over: Any, under: Any) -> ir.Value:
    allowed = under > 0 if rule.under == "net_assets" else under != 0
    return ibis.cases((allowed, over / under))


def _less(whole: float | None, part: float | None) -> float | None:
    return None if whole is None or part is None else whole - part


@dataclass(frozen=True, slots=True)
class RatioWarning:
    """Something a reader must know. ``tone``: bad, watch or note; ``value`` beside the ``bound`` it passed, if there is one."""

    code: str
    tone: str
    value: float | None = None
    bound: float | None = None


def warnings(stated: Statement) -> tuple[RatioWarning, ...]:
    """What is wrong with a statement or with what it tells, the worst first.

    ``net_assets_gone`` 资不抵债 · ``not_balanced`` (assets ≠ debt + net assets beyond rounding) · ``part_beyond_whole`` · a ratio of
    ``BOUNDS`` by its key · ``idle_cash`` (cash-type above all current liabilities) · ``loss``.
    """
    parts, found = completed(stated), ratios(stated)
    told: list[RatioWarning] = []
    net = parts["net_assets"]
    if net is not None and net <= 0:
        told.append(RatioWarning("net_assets_gone", "bad", net, 0.0))
    told += _contradictions(stated, parts)
    for key, watch, bad, more_is_better in BOUNDS:
        value = found[key].value
        if value is None or (key == "debt_to_asset" and net is not None and net <= 0):
            continue
        for bound, tone in ((bad, "bad"), (watch, "watch")):
            if value < bound if more_is_better else value > bound:
                told.append(RatioWarning(key, tone, value, bound))
                break
    profit = parts["net_profit"]
    if profit is not None and profit < 0:
        told.append(RatioWarning("loss", "watch", profit, 0.0))
    cash = found["cash_to_current_liabilities"].value
    if cash is not None and cash > _IDLE_CASH:
        told.append(RatioWarning("idle_cash", "note", cash, _IDLE_CASH))
    return tuple(sorted(told, key=lambda w: ("bad", "watch", "note").index(w.tone)))


def _contradictions(stated: Statement, parts: dict[str, float | None]) -> list[RatioWarning]:
    told = []
    assets, debt, net = stated.total_assets, stated.total_liabilities, stated.net_assets
    if assets is not None and debt is not None and net is not None:
        gap = assets - debt - net
        if abs(gap) > max(_ROUNDING * abs(assets), 1.0):
            told.append(RatioWarning("not_balanced", "bad", gap, 0.0))
    pairs = [
        ("current_assets", "total_assets"),
        ("current_liabilities", "total_liabilities"),
        ("cash_type", "current_assets"),
        ("inventory", "current_assets"),
    ]
    for part, whole in pairs:
        low, high = parts[part], parts[whole]
        if low is not None and high is not None and low > high + max(_ROUNDING * abs(high), 1.0):
            told.append(RatioWarning("part_beyond_whole", "bad", low, high))
            break
    return told


@dataclass(frozen=True, slots=True)
class Trend:
    """A ratio over its periods. ``change``: the last less the one before; ``worse_in_a_row``: how many times it got worse
    without a break, to the last; ``is_falling``: that often enough to be told."""

    key: str
    change: float | None
    worse_in_a_row: int
    is_falling: bool


def trend(key: str, points: Iterable[tuple[date, float | None]]) -> Trend:
    """How a ratio moved, by the ends of its periods in any order; periods without the ratio are passed over."""
    rule = RULE_OF.get(key)
    if rule is None:
        raise MeasureProblem("ratios.unknown", ratio=key[:60])
    values = [value for _, value in sorted(points, key=lambda point: point[0]) if value is not None]
    steps = [later - earlier for earlier, later in itertools.pairwise(values)]
    is_worse: Callable[[float], bool] = (lambda step: step < 0) if rule.more_is_better else (lambda step: step > 0)
    row = 0
    for step in reversed(steps):
        if not is_worse(step):
            break
        row += 1
    return Trend(key, steps[-1] if steps else None, row, row >= _DOWN_IN_A_ROW)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a value stands among peers 同行: their quartiles (type 7), and its fourth, 1 the best. None under four peers."""

    peers: int
    lower: float | None = None
    median: float | None = None
    upper: float | None = None
    fourth: int | None = None


def peer_standing(key: str, value: float | None, peers: Sequence[float | None]) -> Standing:
    """The quartiles of the peers (itself not among them) and which fourth the value falls in; a bound belongs to the better."""
    rule = RULE_OF.get(key)
    if rule is None:
        raise MeasureProblem("ratios.unknown", ratio=key[:60])
    known = sorted(one for one in peers if one is not None)
    if len(known) < LEAST_PEERS:
        return Standing(len(known))
    lower, median, upper = cuts = [_quantile(known, part) for part in (0.25, 0.5, 0.75)]
    if value is None:
        return Standing(len(known), lower, median, upper)
    if rule.more_is_better:
        fourth = 1 + sum(value < cut for cut in cuts)
    else:
        fourth = 1 + sum(value > cut for cut in cuts)
    return Standing(len(known), lower, median, upper, fourth)


def _quantile(ascending: Sequence[float], part: float) -> float:
    place = (len(ascending) - 1) * part
    low = int(place)
    high = min(low + 1, len(ascending) - 1)
    return ascending[low] + (ascending[high] - ascending[low]) * (place - low)

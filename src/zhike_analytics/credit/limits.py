"""Credit limits: the working-assets method 营运资产法, simpler bases, and the least of them with the rule that bound it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhike_analytics.problem import MeasureProblem
from zhike_analytics.ratios import Statement, completed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# (value of the balance sheet up to which, percent of working assets). Printed tables leave gaps of .01 between bands, so a band
# ends where the next begins: −.395 falls into the one printed −1.09 … −.40. The percents are those handed down; edit them.
BANDS: tuple[tuple[float, float], ...] = (
    (-4.6, 0), (-3.9, 2.5), (-3.2, 5), (-2.5, 7.5), (-1.8, 10), (-1.1, 12.5), (-0.4, 15), (0.3, 17.5), (1.0, 20),
    (float("inf"), 25),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limit:
    """The least of the amounts the rules allow, and which rule that was; ties go to the rule named first.

    ``amounts``: what each rule allowed; ``blank``: rule → why it could not say. With none, amount None.
    """

    amount: float | None
    binding: str
    amounts: Mapping[str, float]
    blank: Mapping[str, str]


def working_assets(stated: Statement) -> float | None:
    """营运资产 = (working capital + net assets) / 2; working capital = current assets − current liabilities."""
    parts = completed(stated)
    assets, debt, net = (parts[name] for name in ("current_assets", "current_liabilities", "net_assets"))
    return None if assets is None or debt is None or net is None else (assets - debt + net) / 2


def working_assets_value(stated: Statement) -> float | None:
    """评估值 = current ratio + quick ratio − current liabilities/net assets − liabilities/net assets.

    None where a part is missing, there are no current liabilities, or net assets are gone: dividing by negative net assets
    would make the worst firm look the safest.
    """
    parts = completed(stated)
    held = [
        parts[n] for n in ("current_assets", "quick_assets", "current_liabilities", "total_liabilities", "net_assets")
    ]
    known = [value for value in held if value is not None]
    if len(known) < len(held):
        return None
    assets, quick, due, debt, net = known
    if due <= 0 or net <= 0:
        return None
    return assets / due + quick / due - due / net - debt / net


def band_share(value: float, bands: Sequence[tuple[float, float]] = BANDS) -> float:
    """The share of working assets (.2 = 20 %) for a 评估值; a bound belongs to the band below it."""
    return next(percent for upto, percent in bands if value <= upto) / 100


def small_customer_amount(stated: Statement) -> float | None:
    """For a small customer: (net assets + net profit) / 2."""
    net, profit = completed(stated)["net_assets"], stated.net_profit
    return None if net is None or profit is None else (net + profit) / 2


def suggest_limit(
    stated: Statement | None = None,
    *,
    bands: Sequence[tuple[float, float]] = BANDS,
    monthly_sales: float | None = None,
    terms_days: int | None = None,
    best_paid: float | None = None,
    grade_cap: float | None = None,
    own_cap: float | None = None,
) -> Limit:
    """The least of: ``working_assets`` (share by band) or, where that cannot be had, ``small_customer``; ``sales`` (average
    monthly sales to the customer × days / 30); ``best_paid`` (the most it ever owed and paid in time); ``grade`` and ``own_risk``
    (caps of the house). An amount below zero is no credit: 0.
    """
    if terms_days is not None and terms_days < 0:
        raise MeasureProblem("credit.negative_days", days=terms_days)
    amounts: dict[str, float] = {}
    blank: dict[str, str] = {}
    _by_statement(stated, bands, amounts, blank)
    if monthly_sales is not None and terms_days is not None:
        amounts["sales"] = monthly_sales * terms_days / 30
    else:
        blank["sales"] = "no_sales" if monthly_sales is None else "no_terms"
    for rule, given in (("best_paid", best_paid), ("grade", grade_cap), ("own_risk", own_cap)):
        if given is None:
            blank[rule] = "not_set"
        else:
            amounts[rule] = given
    amounts = {rule: max(0.0, amount) for rule, amount in amounts.items()}
    if not amounts:
        return Limit(None, "", {}, blank)
    binding = min(amounts, key=lambda rule: amounts[rule])
    return Limit(amounts[binding], binding, amounts, blank)


def _by_statement(
    stated: Statement | None, bands: Sequence[tuple[float, float]], amounts: dict[str, float], blank: dict[str, str]
) -> None:
    if stated is None:
        blank["working_assets"] = "no_statement"
        return
    net = completed(stated)["net_assets"]
    if net is not None and net <= 0:
        # Nothing stands behind the debts: the method's own answer to the highest risk.
        amounts["working_assets"] = 0.0
        return
    base, value = working_assets(stated), working_assets_value(stated)
    if base is not None and value is not None:
        amounts["working_assets"] = base * band_share(value, bands)
        return
    blank["working_assets"] = "not_stated"
    small = small_customer_amount(stated)
    if small is None:
        blank["small_customer"] = "not_stated"
    else:
        amounts["small_customer"] = small

"""Customer lifetime value 客户终身价值 of a shop without contracts: how often customers will buy, whether they still do, what
their purchases are worth.

>>> from zhike_analytics.lifetime import BetaGeoNBD, GammaGamma, histories, lifetime_value
>>> known = histories("orders.parquet", until="2026-11-22").cache()                # doctest: +SKIP
>>> model, spend = BetaGeoNBD().fit(known), GammaGamma().fit(known)                # doctest: +SKIP
>>> lifetime_value(model, spend, known, periods=52, discount=1.15 ** (1 / 52) - 1)  # doctest: +SKIP
"""

from zhike_analytics.lifetime.beta_geo import BetaGeoNBD, ModifiedBetaGeoNBD
from zhike_analytics.lifetime.fitting import Summary
from zhike_analytics.lifetime.histories import (
    calibration_holdout,
    histories,
    histories_of_days,
    holdout_of_days,
    purchase_days,
)
from zhike_analytics.lifetime.judging import frequency_table, holdout_by_frequency, tracking
from zhike_analytics.lifetime.pareto import ParetoNBD
from zhike_analytics.lifetime.purchase_model import PurchaseModel
from zhike_analytics.lifetime.spend import GammaGamma
from zhike_analytics.lifetime.worth import (
    constant_retention_value,
    finite_value,
    historic_value,
    lifetime_value,
    margin_multiple,
)

__all__ = [
    "BetaGeoNBD",
    "GammaGamma",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "PurchaseModel",
    "Summary",
    "calibration_holdout",
    "constant_retention_value",
    "finite_value",
    "frequency_table",
    "historic_value",
    "histories",
    "histories_of_days",
    "holdout_by_frequency",
    "holdout_of_days",
    "lifetime_value",
    "margin_multiple",
    "purchase_days",
    "tracking",
]

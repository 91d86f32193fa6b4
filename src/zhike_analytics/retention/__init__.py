"""Retention 客户保持: cohorts by month of first purchase, survival with intervals, projections of those who renew.

Retention rate and survival are two things: of those who were still there, how many stayed; of those who began, how many are
left. A cohort table shows the second.
"""

from zhike_analytics.retention.cohorts import Cohort, cohorts
from zhike_analytics.retention.renewal import BetaDiscreteWeibull, ShiftedBetaGeometric, period_retention
from zhike_analytics.retention.risk import Calibrated, area_under_curve, calibrate, tenths
from zhike_analytics.retention.survival import SurvivalPoint, median_survival, survival

__all__ = [
    "BetaDiscreteWeibull",
    "Calibrated",
    "Cohort",
    "ShiftedBetaGeometric",
    "SurvivalPoint",
    "area_under_curve",
    "calibrate",
    "cohorts",
    "median_survival",
    "period_retention",
    "survival",
    "tenths",
]

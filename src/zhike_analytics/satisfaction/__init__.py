"""Satisfaction 客户满意: from answers to figures one may believe, each with its interval.

The five methods of the textbook, by name: simple 简单易行型 (``satisfied``, ``mean_index``, ``net_promoters``,
``customer_effort``), structural equation 结构方程模型 (``PathModel``), linear regression 线性回归 (``driven``), double rating
双重评价型 (``importance_performance``) and its improved form 双重评价改进型 (``improved_importance_performance``).
"""

from zhike_analytics.satisfaction.answers import LEAST_ANSWERS, Estimate
from zhike_analytics.satisfaction.drivers import Driven, Driver, driven, relative_weights, shapley_shares
from zhike_analytics.satisfaction.gaps import DIMENSIONS, Gaps, Kano, kano, kano_class, service_gaps
from zhike_analytics.satisfaction.importance import (
    Attribute,
    Chart,
    importance_performance,
    improved_importance_performance,
    points_of_ranks,
)
from zhike_analytics.satisfaction.models import ACSI, CCSI, E_COMMERCE, ECSI, MODELS, fitting_paths
from zhike_analytics.satisfaction.path_model import PathModel
from zhike_analytics.satisfaction.reliability import (
    composite_reliability,
    cronbach_alpha,
    sampling_adequacy,
    sphericity,
    trait_ratio,
    variance_extracted,
)
from zhike_analytics.satisfaction.sampling import krejcie_morgan, sample_size, sample_size_of_mean
from zhike_analytics.satisfaction.scales import (
    SCALES,
    Scale,
    customer_effort,
    equal_steps,
    levels_counted,
    mean_index,
    net_promoters,
    promoters_of,
    satisfied,
    share_estimate,
)
from zhike_analytics.satisfaction.weights import (
    entropy_weights,
    judged_weights,
    judgement_matrix,
    most_contradicting,
    normed,
    weighted_index,
)

METHODS = ("simple", "structural", "regression", "double", "double_improved")

__all__ = [
    "ACSI",
    "CCSI",
    "DIMENSIONS",
    "ECSI",
    "E_COMMERCE",
    "LEAST_ANSWERS",
    "METHODS",
    "MODELS",
    "SCALES",
    "Attribute",
    "Chart",
    "Driven",
    "Driver",
    "Estimate",
    "Gaps",
    "Kano",
    "PathModel",
    "Scale",
    "composite_reliability",
    "cronbach_alpha",
    "customer_effort",
    "driven",
    "entropy_weights",
    "equal_steps",
    "fitting_paths",
    "importance_performance",
    "improved_importance_performance",
    "judged_weights",
    "judgement_matrix",
    "kano",
    "kano_class",
    "krejcie_morgan",
    "levels_counted",
    "mean_index",
    "most_contradicting",
    "net_promoters",
    "normed",
    "points_of_ranks",
    "promoters_of",
    "relative_weights",
    "sample_size",
    "sample_size_of_mean",
    "sampling_adequacy",
    "satisfied",
    "service_gaps",
    "shapley_shares",
    "share_estimate",
    "sphericity",
    "trait_ratio",
    "variance_extracted",
    "weighted_index",
]

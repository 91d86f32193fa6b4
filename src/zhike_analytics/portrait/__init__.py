"""Portraits 客户画像: what customers do, compared with the shop; groups that hold; psychology by rules one can read; look-alikes.

    >>> from zhike_analytics.portrait import Clusters, features, signals
    >>> told = signals(orders, lines, products)  # doctest: +SKIP
    >>> model = Clusters().fit(features(told, as_of="2026-11-22"))  # doctest: +SKIP
    >>> model.summary().groups[0].traits  # doctest: +SKIP
    (('orders', 'high'), ('discounted', 'high'), ('night', 'high'))

Whatever is said of somebody is a guess from few acts: it is pulled towards the shop's own mix, needs evidence, and names it.
Sources: Lloyd 1982 and Arthur & Vassilvitskii 2007 (k-means, k-means++); Rousseeuw 1987 (silhouette); Hennig 2007 (stability by
bootstrap and Jaccard); Hanley & McNeil 1982 (error of an AUC).
"""

from __future__ import annotations

from zhike_analytics.portrait.clusters import Clusters, Group, Summary
from zhike_analytics.portrait.features import FEATURES, features
from zhike_analytics.portrait.lookalikes import LookAlikes, Tried
from zhike_analytics.portrait.measuring import area_under_curve, bootstrap_jaccard, silhouette
from zhike_analytics.portrait.preferences import acts, preferences
from zhike_analytics.portrait.psychology import strengths
from zhike_analytics.portrait.signals import LOOK_WORDS, shop_shares, signals
from zhike_analytics.portrait_rules import DEFAULT_RULES, SIGNALS, TYPES, Rules, read_rules

__all__ = [
    "DEFAULT_RULES",
    "FEATURES",
    "LOOK_WORDS",
    "SIGNALS",
    "TYPES",
    "Clusters",
    "Group",
    "LookAlikes",
    "Rules",
    "Summary",
    "Tried",
    "acts",
    "area_under_curve",
    "bootstrap_jaccard",
    "features",
    "preferences",
    "read_rules",
    "shop_shares",
    "signals",
    "silhouette",
    "strengths",
]

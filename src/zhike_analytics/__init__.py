"""Zhike's measures as a library: Ibis tables in, Ibis tables out; ``values`` for single values.

Importing this package is fast: Ibis, DuckDB and pandas are loaded with the first measure used.

>>> from zhike_analytics import rfm
>>> scored = rfm("orders.parquet", as_of="2026-11-22")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module

_HOMES = {
    "rfm": "rfm",
    "rfm_run": "rfm",
    "RfmRun": "rfm",
    "rfm_summary": "rfm",
    "cells": "rfm",
    "moved": "rfm",
    "movement": "rfm",
    "interval_segment": "rfm",
    "break_even": "rfm",
    "break_even_index": "rfm",
    "test_cell_size": "rfm",
    "composition": "compositions",
    "composition_over_time": "compositions",
    "bridge": "bridges",
    "bridged": "bridges",
    "bridge_steps": "bridges",
    "abc": "value_classes",
    "abc_run": "value_classes",
    "pyramid": "value_classes",
    "class_summary": "value_classes",
    "concentration": "inequality",
    "lorenz": "inequality",
    "product_measures": "product_margins",
    "margins": "product_margins",
    "coverage": "product_margins",
    "stays": "funnel",
    "reached": "funnel",
    "conversion": "funnel",
    "time_in_stage": "funnel",
    "pipeline": "funnel",
    "velocity": "funnel",
    "lead_scores": "funnel",
    "calibration": "funnel",
    "BetaGeoNBD": "lifetime",
    "ModifiedBetaGeoNBD": "lifetime",
    "ParetoNBD": "lifetime",
    "GammaGamma": "lifetime",
    "histories": "lifetime",
    "calibration_holdout": "lifetime",
    "purchase_days": "lifetime",
    "tracking": "lifetime",
    "frequency_table": "lifetime",
    "holdout_by_frequency": "lifetime",
    "lifetime_value": "lifetime",
    "historic_value": "lifetime",
    "constant_retention_value": "lifetime",
    "margin_multiple": "lifetime",
    "finite_value": "lifetime",
    "cohorts": "retention",
    "survival": "retention",
    "median_survival": "retention",
    "period_retention": "retention",
    "ShiftedBetaGeometric": "retention",
    "BetaDiscreteWeibull": "retention",
    "Statement": "ratios",
    "ratio_table": "ratios",
    "peer_standing": "ratios",
    "suggest_limit": "credit",
    "altman": "credit",
    "payment_behaviour": "credit",
    "information_value": "credit",
    "PathModel": "satisfaction",
    "Scale": "satisfaction",
    "satisfied": "satisfaction",
    "mean_index": "satisfaction",
    "net_promoters": "satisfaction",
    "customer_effort": "satisfaction",
    "judged_weights": "satisfaction",
    "entropy_weights": "satisfaction",
    "weighted_index": "satisfaction",
    "driven": "satisfaction",
    "relative_weights": "satisfaction",
    "shapley_shares": "satisfaction",
    "importance_performance": "satisfaction",
    "improved_importance_performance": "satisfaction",
    "service_gaps": "satisfaction",
    "kano": "satisfaction",
    "cronbach_alpha": "satisfaction",
    "sampling_adequacy": "satisfaction",
    "sphericity": "satisfaction",
    "sample_size": "satisfaction",
    "krejcie_morgan": "satisfaction",
    "repurchase_rate": "loyalty",
    "share_of_wallet": "loyalty",
    "wallet_allocation": "loyalty",
    "price_elasticity": "loyalty",
    "switching_cost": "loyalty",
    "profit_chain": "loyalty",
    "tier_for": "loyalty",
    "points_liability": "loyalty",
    "points_sale": "loyalty",
    "breakage": "loyalty",
    "patronage_bonus": "loyalty",
    "frequent_sets": "association",
    "rules": "association",
    "bundles": "association",
    "Ease": "recommend",
    "ItemKnn": "recommend",
    "Als": "recommend",
    "Popular": "recommend",
    "interactions": "recommend",
    "recommended": "recommend",
    "expected": "replenishment",
    "due_soon": "replenishment",
    "rounded_shares": "shares",
    "completeness": "quality",
    "validity": "quality",
    "uniqueness": "quality",
    "timeliness": "quality",
    "consistency": "quality",
    "gone_quiet": "lists",
    "large_first": "lists",
    "lost_high_value": "lists",
    "MeasureProblem": "problem",
    "ValueProblem": "values",
}
__all__ = list(_HOMES)


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{home}")
    # The module can be called like the function (see there).
    return module if name == "rfm" else getattr(module, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})

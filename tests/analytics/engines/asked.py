"""What both engines are asked: a question for every function of the library that stands on tables, by file and name.

A function that is new has no question yet, and `test_registry.py` fails until it has one here, or a reason in `ELSEWHERE`.
Answers are tables, or what a function makes of them.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import ibis

from tests.analytics.engines.ground import AFTER, AS_OF, BEFORE, VISITED_UNTIL, Ground
from zhike_analytics import (
    association,
    funnel,
    lists,
    loyalty,
    paths,
    portrait,
    profit,
    quality,
    recommend,
    replenishment,
    rfm,
)
from zhike_analytics.bridges import bridge, bridged
from zhike_analytics.compositions import composition, composition_over_time
from zhike_analytics.credit.evidence import information_value
from zhike_analytics.inequality import concentration, lorenz
from zhike_analytics.lifetime.histories import (
    calibration_holdout,
    histories,
    histories_of_days,
    holdout_of_days,
    purchase_days,
)
from zhike_analytics.lifetime.worth import historic_value
from zhike_analytics.product_margins import coverage, margins, product_measures
from zhike_analytics.purchases import purchases
from zhike_analytics.ratios import ratio_table
from zhike_analytics.replenishment import gaps
from zhike_analytics.retention import cohorts
from zhike_analytics.value_classes import abc, class_summary, pyramid, sums

Question = Callable[[Ground], Any]
_DAYS = {"until": AS_OF, "later": "ignore"}
_HOLD = {"until": "2026-05-31", "through": AS_OF}


def _scored(g: Ground, as_of: Any = AS_OF, **options: Any) -> ibis.Table:
    return rfm.rfm(g.lines, as_of=as_of, later="ignore", **options)


def _stayed(g: Ground) -> ibis.Table:
    return funnel.stays(funnel.entries(g.files, g.moves), as_of="2026-06-30")


def _sets(g: Ground) -> Any:
    return association.frequent_sets(g.lines, basket="customer_id", item="product_id", support=0.1, most_items=3)


def _rules(g: Ground) -> ibis.Table:
    return association.rules(_sets(g), confidence=0.1)


def _expected(g: Ground) -> ibis.Table:
    return replenishment.expected(g.lines, as_of=AS_OF, category="category")


def _pairs(g: Ground) -> dict[str, Any]:
    found = recommend.interactions(g.lines, fewest_customers=3)
    return {"customers": found.customers.tolist(), "items": found.items.tolist(), "counts": found.counts().tolist()}


def _split(g: Ground) -> list[int]:
    return [part.count().to_pyarrow().as_py() for part in recommend.time_split(g.lines, split="2026-06-01")]


_STEPS = paths.read_steps(paths.DEFAULT_STEPS)


def _acts(g: Ground) -> ibis.Table:
    return paths.visited(g.visits, until=VISITED_UNTIL)


def _came(g: Ground) -> ibis.Table:
    return paths.reached(_acts(g), _STEPS)


def _signals(g: Ground) -> ibis.Table:
    return portrait.signals(g.bought, g.lines, g.catalog)


def _contributions(g: Ground) -> ibis.Table:
    return profit.contributions(g.lines, lines=g.lines, costs=g.costs, contacts=g.contacts, rates=_RATES)


_RATES = profit.Rates(hour_cents=6_000, order_cents=200, assumed_margin=0.5)

ASKED: dict[str, Question] = {
    "association/bundles.bundles": lambda g: [asdict(one) for one in association.bundles(_sets(g), min_lift=0.5)],
    "association/rules.rules": _rules,
    "association/sets.frequent_sets": lambda g: list(_sets(g).sizes()),
    "bridges.bridge": lambda g: bridge(g.lines, before=BEFORE, after=AFTER, by="city", customers=g.cities),
    "bridges.bridged": lambda g: bridged(g.lines, before=BEFORE, after=AFTER),
    "compositions.composition": lambda g: composition(g.lines, by="product_id"),
    "compositions.composition_over_time": lambda g: composition_over_time(g.lines, by="category", period="quarter"),
    "credit/evidence.information_value": lambda g: information_value(g.judged, ["grade"], good="is_good"),
    "funnel/calibration.calibration": lambda g: asdict(funnel.calibration(g.won)),
    "funnel/conversion.conversion": lambda g: funnel.conversion(funnel.reached(_stayed(g), within_days=90)),
    "funnel/conversion.reached": lambda g: funnel.reached(_stayed(g), within_days=90),
    "funnel/durations.stage_days": lambda g: funnel.stage_days(_stayed(g)),
    "funnel/durations.time_in_stage": lambda g: [asdict(one) for one in funnel.time_in_stage(_stayed(g))],
    "funnel/leads.lead_scores": lambda g: funnel.lead_scores(g.points, g.points, as_of=AS_OF),
    "funnel/pipelines.pipeline": lambda g: funnel.pipeline(g.open, probabilities={"target": 0.5, "potential": 0.1}),
    "funnel/stays.entries": lambda g: funnel.entries(g.files, g.moves),
    "funnel/stays.stays": _stayed,
    "inequality.concentration": lambda g: asdict(concentration(g.lines)),
    "inequality.lorenz": lambda g: lorenz(g.lines, points=40),
    "lifetime/histories.calibration_holdout": lambda g: calibration_holdout(g.lines, **_HOLD),
    "lifetime/histories.histories": lambda g: histories(g.lines, **_DAYS),
    "lifetime/histories.histories_of_days": lambda g: histories_of_days(purchase_days(g.lines, **_DAYS), until=AS_OF),
    "lifetime/histories.holdout_of_days": lambda g: holdout_of_days(purchase_days(g.lines, **_DAYS), **_HOLD),
    "lifetime/histories.purchase_days": lambda g: purchase_days(g.lines, **_DAYS),
    "lifetime/worth.historic_value": lambda g: historic_value(g.lines, until=AS_OF, margin_share=0.4),
    "lists.gone_quiet": lambda g: lists.gone_quiet(g.lines, as_of=AS_OF),
    "lists.large_first": lambda g: lists.large_first(g.lines, as_of=AS_OF),
    "lists.lost_high_value": lambda g: lists.lost_high_value(g.lines, as_of=AS_OF),
    "loyalty/buying.repurchase_rate": lambda g: asdict(loyalty.repurchase_rate(g.lines, since="2026-01-01", until=AS_OF)),
    "portrait/features.features": lambda g: portrait.features(_signals(g), as_of=AS_OF),
    "portrait/preferences.acts": lambda g: portrait.acts(g.bought, g.lines, g.catalog),
    "portrait/preferences.preferences": lambda g: portrait.preferences(
        portrait.acts(g.bought, g.lines, g.catalog), fewest=2, lift=1.05, marked=0.5
    ),
    "portrait/psychology.strengths": lambda g: portrait.strengths(_signals(g), portrait.read_rules(portrait.DEFAULT_RULES)),
    "portrait/signals.shop_shares": lambda g: portrait.shop_shares(_signals(g)),
    "portrait/signals.signals": lambda g: _signals(g),
    "product_margins.coverage": lambda g: asdict(coverage(product_measures(g.lines, costs=g.costs))),
    "product_margins.margins": lambda g: margins(g.lines, by="customer_id", costs=g.costs),
    "product_margins.product_measures": lambda g: product_measures(g.lines, costs=g.costs),
    "paths/giving_up.begun": lambda g: paths.begun(_acts(g)),
    "paths/giving_up.exits": lambda g: paths.exits(_acts(g)),
    "paths/helping.helped": lambda g: paths.helped(_acts(g), _came(g), _STEPS),
    "paths/sessions.sessions": lambda g: paths.sessions(_acts(g)),
    "paths/sessions.visited": lambda g: _acts(g),
    "paths/steps.abandonment": lambda g: paths.abandonment(_came(g), _STEPS),
    "paths/steps.reached": lambda g: _came(g),
    "paths/usual.entries": lambda g: paths.entries(paths.sessions(_acts(g))),
    "paths/usual.interest": lambda g: paths.interest(_acts(g)),
    "paths/usual.transitions": lambda g: paths.transitions(_acts(g)),
    "paths/usual.ways": lambda g: paths.ways(_acts(g)),
    "profit.acquired": lambda g: profit.acquired(g.brought, g.sources),
    "profit.by_group": lambda g: profit.by_group(_contributions(g), "profit_class"),
    "profit.contributions": lambda g: _contributions(g),
    "profit.totals": lambda g: asdict(profit.totals(_contributions(g), _RATES)),
    "profit.whale": lambda g: [list(point) for point in profit.whale(_contributions(g))],
    "purchases.purchases": lambda g: purchases(g.lines, keep="category"),
    "quality.completeness": lambda g: quality.completeness(g.records, columns=["phone"], by="group"),
    "quality.consistency": lambda g: quality.consistency(g.records, checks={"dated": lambda t: t.seen > ibis.date("2026-01-01")}),
    "quality.timeliness": lambda g: quality.timeliness(g.records, columns={"seen": 365}, as_of=AS_OF),
    "quality.uniqueness": lambda g: quality.uniqueness(g.records, columns=["phone"]),
    "quality.validity": lambda g: quality.validity(g.records, rules={"phone": r"1\d{10}"}),
    "quality.tallied": lambda g: quality.tallied(g.records, columns=["bits"], by="group"),
    "ratios.ratio_table": lambda g: ratio_table(g.statements),
    "recommend/interactions.interactions": _pairs,
    "recommend/interactions.time_split": _split,
    "replenishment/expecting.due_soon": lambda g: replenishment.due_soon(_expected(g), within_days=30),
    "replenishment/expecting.expected": _expected,
    "replenishment/gaps.purchase_days": lambda g: gaps.purchase_days(g.lines),
    "replenishment/gaps.purchase_gaps": lambda g: gaps.purchase_gaps(gaps.purchase_days(g.lines, category="category")),
    "replenishment/judging.backtest": lambda g: replenishment.backtest(g.lines, split="2026-10-01", within_days=30),
    "retention/cohorts.cohorts": lambda g: [asdict(one) for one in cohorts(g.lines, until=AS_OF)],
    "rfm/score.rfm": lambda g: _scored(g, sorting="nested", ties="by_rank"),
    "rfm/segments.interval_segment": lambda g: rfm.interval_segment(_scored(g), "B"),
    "rfm/summary.cells": lambda g: rfm.cells(_scored(g)),
    "rfm/summary.moved": lambda g: rfm.moved(_scored(g, "2026-06-30"), _scored(g)),
    "rfm/summary.movement": lambda g: rfm.movement(_scored(g, "2026-06-30"), _scored(g)),
    "rfm/summary.rfm_summary": lambda g: rfm.rfm_summary(_scored(g)),
    "value_classes.abc": lambda g: abc(g.lines),
    "value_classes.class_summary": lambda g: class_summary(abc(g.lines)),
    "value_classes.pyramid": lambda g: pyramid(g.lines),
    "value_classes.sums": lambda g: sums(g.lines, item="customer_id", value="net_cents"),
}  # fmt: skip

ELSEWHERE = {
    "command_portrait.portrait_command": "a command",
    "command_profit.profit_command": "a command",
    "portrait/scaling.read": "hands rows to a fit: no arithmetic of an engine",
    "command_association.rules_command": "a command: it asks functions of this list, on DuckDB",
    "command_association.recommend_command": "a command",
    "command_association.needs_command": "a command",
    "command_lifetime.clv_command": "a command",
    "cubes.cube": "the cube answers people from an engine held warm: it stays on DuckDB",
    "cubes.greatest": "of the cube",
    "cubes.shortened": "of the cube",
    "lifetime/grouping.columns": "hands rows to a fit: no arithmetic of an engine",
    "lifetime/judging.tracking": "a fit: NumPy on purchase days, which are asked above",
    "linkage/features.table": "sealed values do not leave the process",
    "purchases.table": "opens a file, a frame or a table: asked by every other",
    "satisfaction/answers.matrix": "hands answers to a fit: no arithmetic of an engine",
}

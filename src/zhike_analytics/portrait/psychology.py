"""Psychology types 客户心理 by rules one can read and change: each a line of weighted signals and the strength it takes.

    bargain = 2 discounted + 1 promotion >= 25

A signal tells how far the customer, pulled towards the shop by some acts, lies between the shop's share and always (0 to 100).
Always a guess: what somebody bought says little of why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.portrait.features import PULL
from zhike_analytics.portrait.signals import shop_shares

if TYPE_CHECKING:
    from collections.abc import Mapping

    import ibis.expr.types as ir

    from zhike_analytics.portrait_rules import Rules

_FEWEST, _FEWEST_HITS, _MARKED = 4, 3, 2.0


def strengths(
    told: ir.Table, rules: Rules, *, shop: Mapping[str, float] | None = None, pull: float = PULL
) -> ir.Table:  # fmt: skip
    """customer_id and a column for each rule: its strength 0–100, or null where the customer does not carry the type.

    The strength is the weighted mean of its signals, each (share − shop) ÷ (1 − shop) with the share pulled towards the shop; a
    signal below the shop's share, or one the shop knows nothing of, is 0. To be carried, the strength must reach the rule's
    least, and at least one of its signals must be evident: three hits of four chances, two standard deviations beyond chance.
    """
    shop = shop_shares(told) if shop is None else shop
    named: dict[str, Any] = {}
    for rule in rules:
        known = [(name, weight) for name, weight in rule.signals if 0 < shop[name] < 1]
        whole = sum(weight for _, weight in rule.signals)
        if not known:
            named[rule.type] = ibis.null("int64")
            continue
        value: Any = ibis.literal(0.0)
        evident: Any = ibis.literal(False)
        for name, weight in known:
            value = value + weight * _signal(told, name, shop[name], pull)
            evident = evident | is_evident(told, name, shop[name])
        strength = (100 * value / whole).round().cast("int64")
        named[rule.type] = ((strength >= rule.least) & evident).ifelse(strength, ibis.null("int64"))
    return told.select("customer_id", **named)


def _signal(told: ir.Table, name: str, shop: float, pull: float) -> ir.FloatingValue:
    share = (told[f"{name}_hits"] + pull * shop) / (told[f"{name}_of"] + pull)
    own = (share - shop) / (1 - shop)
    return (own > 0).ifelse(own, 0.0)


def is_evident(told: ir.Table, name: str, shop: float) -> ir.BooleanValue:
    """Whether enough acts stand behind a signal: (hits − of·p) ≥ 2 √(of·p·(1 − p)), three hits, four chances."""
    hits, of = told[f"{name}_hits"], told[f"{name}_of"]
    beyond = hits - of * shop >= _MARKED * (of * (shop * (1 - shop))).sqrt()
    return (of >= _FEWEST) & (hits >= _FEWEST_HITS) & beyond

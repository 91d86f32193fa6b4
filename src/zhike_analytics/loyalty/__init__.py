"""Loyalty 忠诚度: what people do (buy again) beside what they feel, shares of wallet, tiers, points and bonuses."""

from zhike_analytics.loyalty.axes import CELLS, Placed, attitude, cell, cells_counted, place
from zhike_analytics.loyalty.buying import (
    discount_share,
    price_elasticity,
    repurchase_rate,
    share_of_wallet,
    switching_cost,
    wallet_allocation,
)
from zhike_analytics.loyalty.links import Link, profit_chain
from zhike_analytics.loyalty.rewards import (
    Lot,
    PointsSale,
    Tier,
    breakage,
    patronage_bonus,
    points_liability,
    points_sale,
    tier_for,
    to_next_tier,
)

__all__ = [
    "CELLS",
    "Link",
    "Lot",
    "Placed",
    "PointsSale",
    "Tier",
    "attitude",
    "breakage",
    "cell",
    "cells_counted",
    "discount_share",
    "patronage_bonus",
    "place",
    "points_liability",
    "points_sale",
    "price_elasticity",
    "profit_chain",
    "repurchase_rate",
    "share_of_wallet",
    "switching_cost",
    "tier_for",
    "to_next_tier",
    "wallet_allocation",
]

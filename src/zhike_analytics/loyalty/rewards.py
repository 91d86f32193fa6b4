"""What loyalty is given: tiers, points and what they owe, a bonus in proportion to spend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhike_analytics.problem import MeasureProblem


@dataclass(frozen=True)
class Tier:
    """A tier begins at ``from_cents`` of spend in the last twelve months."""

    code: str
    from_cents: int


def tier_for(spend_cents: int, tiers: Sequence[Tier], *, before: str | None = None) -> str:
    """The tier of a year's spend. Landing is soft: from ``before`` at most one tier down. It depends on nothing but the spend
    and the tier before, so a refund taken back gives the tier back."""
    ordered = _ordered(tiers)
    at = max(n for n, tier in enumerate(ordered) if n == 0 or spend_cents >= tier.from_cents)
    if before is not None:
        held = next((n for n, tier in enumerate(ordered) if tier.code == before), None)
        if held is None:
            raise MeasureProblem("loyalty.no_such_tier")
        at = max(at, held - 1)
    return ordered[at].code


def to_next_tier(spend_cents: int, tiers: Sequence[Tier]) -> int | None:
    """How much is missing to the next tier; None on the highest."""
    return next((tier.from_cents - spend_cents for tier in _ordered(tiers) if tier.from_cents > spend_cents), None)


def _ordered(tiers: Sequence[Tier]) -> list[Tier]:
    ordered = sorted(tiers, key=lambda tier: tier.from_cents)
    starts = {tier.from_cents for tier in tiers}
    if not tiers or len(starts) != len(tiers) or len({tier.code for tier in tiers}) != len(tiers):
        raise MeasureProblem("loyalty.bad_tiers")
    return ordered


@dataclass(frozen=True)
class Lot:
    """Points given on a day: how many, how many of them were used, how many ran out."""

    day: date
    earned: int
    redeemed: int
    expired: int = 0


def breakage(lots: Sequence[Lot], *, mature_before: date) -> float | None:
    """破损率: what part of points is never used, 1 − redeemed/earned over lots so old that hardly any more will be; None
    without one. Young lots would make it look larger than it is."""
    old = [lot for lot in lots if lot.day < mature_before]
    earned = sum(lot.earned for lot in old)
    return 1 - sum(lot.redeemed for lot in old) / earned if earned else None


def points_liability(outstanding: int, *, redemption_share: float, value_cents: float) -> int:
    """积分负债 in cents: outstanding points × expected redemption × value of a point."""
    if outstanding < 0 or not 0 <= redemption_share <= 1 or value_cents < 0:
        raise MeasureProblem("loyalty.bad_points")
    return round(outstanding * redemption_share * value_cents)


@dataclass(frozen=True)
class PointsSale:
    """The price of a sale divided between the goods and the points given with them, in cents; they sum to the price."""

    goods_cents: int
    points_cents: int

    def recognized_cents(self, redeemed: int, expected: float, already_cents: int = 0) -> int:
        """What of the points' part is income by now: part × redeemed so far ÷ expected in all − already recognized. When the
        expectation changes, the whole difference falls into this period."""
        if expected <= 0 or redeemed < 0:
            raise MeasureProblem("loyalty.bad_points")
        return round(self.points_cents * min(1.0, redeemed / expected)) - already_cents


def points_sale(price_cents: int, *, points_worth_cents: int, redemption_share: float) -> PointsSale:
    """IFRS 15, 企业会计准则第14号: by relative stand-alone prices, the points valued after expected redemption."""
    if price_cents <= 0 or points_worth_cents < 0 or not 0 <= redemption_share <= 1:
        raise MeasureProblem("loyalty.bad_points")
    worth = points_worth_cents * redemption_share
    goods = round(price_cents * price_cents / (price_cents + worth))
    return PointsSale(goods, price_cents - goods)


def patronage_bonus(pool_cents: int, spend_cents: Mapping[int | str, int]) -> dict[int | str, int]:
    """按消费额分红: bonus_i = pool × spend_i/Σ spend, in whole cents by largest remainder, so that the sum is the pool; equal
    remainders go to the smaller id. Spend is net of returns; whoever spent nothing gets nothing. Where nobody spent, nobody is
    paid and the pool is carried on.

    It depends on one's own purchases alone: a bonus for purchases of people one has brought in is another thing before the law.
    """
    if pool_cents < 0:
        raise MeasureProblem("loyalty.bad_pool")
    spent = {who: cents for who, cents in spend_cents.items() if cents > 0}
    whole = sum(spent.values())
    if not whole:
        return dict.fromkeys(spend_cents, 0)
    given = {who: pool_cents * cents // whole for who, cents in spent.items()}
    rest = {who: pool_cents * cents % whole for who, cents in spent.items()}
    left = pool_cents - sum(given.values())
    # Ids of one kind are compared as they are; numbers stand before words where both occur.
    for who in sorted(rest, key=lambda one: (-rest[one], isinstance(one, str), one))[:left]:
        given[who] += 1
    return {who: given.get(who, 0) for who in spend_cents}

"""Whether a score is worth anything: what came of those it was given to, tenth by tenth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from zhike_analytics.purchases import table

if TYPE_CHECKING:
    from ibis.backends import BaseBackend


@dataclass(frozen=True)
class Calibration:
    """scored and won in all; auc: how often a winner was scored above a loser (.5: no better than chance; None without
    both); top_lift: the top tenth's share of winners against everybody's; tenths: best first, (customers, won, share,
    least score)."""

    scored: int
    won: int
    auc: float | None
    top_lift: float | None
    tenths: list[dict[str, Any]]


def calibration(
    scored: Any, *, score: str = "score", won: str = "is_won", item: str = "customer_id", con: BaseBackend | None = None
) -> Calibration:
    """Judge a score by what came of it: ``score`` as it was given, ``won`` whether the customer was won afterwards.

    Tenths are of equal size by rank (ties by ``item``). The AUC counts equal scores as half (Mann & Whitney 1947).
    """
    rows = table(scored, con)
    rows = rows.select(item=rows[item], score=rows[score].cast("float64"), won=rows[won].fill_null(False).cast("int64"))
    rows = rows.filter(rows.score.notnull())
    order = ibis.window(order_by=[rows.score.desc(), rows["item"].asc()])
    ranked = rows.mutate(
        tenth=(ibis.ntile(10).over(order) + 1).cast("int64"),
        low=(ibis.rank().over(ibis.window(order_by=rows.score.asc())) + 1).cast("float64"),
        alike=rows.count().over(ibis.window(group_by="score")).cast("float64"),
    )
    ranked = ranked.mutate(place=ranked.low + (ranked.alike - 1) / 2)
    tenths = ranked.group_by("tenth").aggregate(
        customers=ranked.count(),
        won=ranked.won.sum().cast("int64"),
        least_score=ranked.score.min(),
        places=ranked.place.sum(where=ranked.won == 1).fill_null(0.0),
    )
    held = tenths.order_by("tenth").to_pyarrow().to_pylist()
    count, winners = sum(t["customers"] for t in held), sum(t["won"] for t in held)
    places = sum(t.pop("places") for t in held)
    losers = count - winners
    auc = (places - winners * (winners + 1) / 2) / (winners * losers) if winners and losers else None
    share = winners / count if count else 0.0
    for t in held:
        t["share"] = t["won"] / t["customers"]
        t["lift"] = t["share"] / share if share else None
    return Calibration(count, winners, auc, held[0]["lift"] if held else None, held)

"""Where a company's goods go, as one viewer may read it: the orders, and each buyer's share of a product."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from zhike.customers.models import MarketFlow
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

MOST_SHARES = 12


@dataclass(frozen=True, slots=True)
class FlowFacts:
    """One order as it was noted."""

    id: int
    on: date
    buyer: str
    region: str
    channel: str
    product: str
    quantity: Decimal
    unit: str
    order_number: str

    @property
    def digits(self) -> int:
        """How many digits of the quantity stand behind the point."""
        return _digits(self.quantity)


@dataclass(frozen=True, slots=True)
class MarketShare:
    """Of a product, counted in one unit: how much went to a buyer, and which part of all that was noted (0 to 1)."""

    product: str
    unit: str
    buyer: str
    quantity: Decimal
    share: float

    @property
    def digits(self) -> int:
        """How many digits of the quantity stand behind the point."""
        return _digits(self.quantity)


def market_flows(viewer: Viewer, record_ids: Sequence[int], *, limit: int = 50) -> list[FlowFacts]:
    """The orders noted, the newest first; nothing for whom the field is not shown."""
    if secure.sight(viewer, "market_flow") != "shown":
        return []
    found = MarketFlow.objects.filter(source_record_id__in=list(record_ids), removed_at=None)
    return [
        FlowFacts(
            f.id,
            f.on,
            f.buyer,
            f.region,
            f.channel,
            f.product,
            Decimal(f.quantity_hundredths) / 100,
            f.unit,
            f.order_number,
        )
        for f in found.order_by("-on", "-id")[:limit]
    ]


def market_shares(viewer: Viewer, record_ids: Sequence[int]) -> list[MarketShare]:
    """Each buyer's share of a product, the product with most orders first; quantities of one unit are added, never of two."""
    if secure.sight(viewer, "market_flow") != "shown":
        return []
    found = MarketFlow.objects.filter(source_record_id__in=list(record_ids), removed_at=None)
    rows = list(found.values("product", "unit", "buyer").annotate(whole=Sum("quantity_hundredths")))
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        place = row["product"], row["unit"]
        totals[place] = totals.get(place, 0) + row["whole"]
    shares = [
        MarketShare(
            r["product"],
            r["unit"],
            r["buyer"],
            Decimal(r["whole"]) / 100,
            float(r["whole"] / totals[r["product"], r["unit"]]),
        )
        for r in rows
    ]
    shares.sort(key=lambda s: (-totals[s.product, s.unit], s.product, s.unit, -s.quantity, s.buyer))
    return shares[:MOST_SHARES]


def _digits(quantity: Decimal) -> int:
    return 0 if quantity == quantity.to_integral_value() else 2

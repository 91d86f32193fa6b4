"""Questions about quality: the days measured, the customers behind a figure, one customer's findings now."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhike.clean.models import QualityDay
from zhike.clean.quality import result_files
from zhike.clean.quality.rules import catalogue, rules_in_force
from zhike.customers.queries import whole_files_of
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike_analytics.quality_bits import ASKED, CONTRADICTED, FILLED, INVALID, STALE

__all__ = ["DayFacts", "behind", "catalogue", "day", "days", "fields_checked", "figures_of", "latest", "result_file"]


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What was found on one day; `totals` and `detail` as `QualityDay` describes them."""

    public_id: str
    day: dt.date
    customers: int
    score: float | None
    totals: Mapping[str, Any]
    detail: Mapping[str, Any]
    measured_at: dt.datetime


def latest() -> DayFacts | None:
    """The newest day measured."""
    row = QualityDay.objects.order_by("-day").first()
    return _facts(row) if row else None


def day(public_id: str) -> DayFacts | None:
    """A day by the id in its address."""
    row = QualityDay.objects.filter(public_id=public_id).first()
    return _facts(row) if row else None


def days(limit: int = 180) -> list[DayFacts]:
    """The days measured, oldest first, without their detail."""
    rows = list(QualityDay.objects.order_by("-day").defer("detail")[:limit])
    return [_facts(row, with_detail=False) for row in reversed(rows)]


def result_file() -> Path | None:
    """Where the newest findings lie, one row a customer; None before the first check."""
    row = QualityDay.objects.order_by("-day").values_list("public_id", flat=True).first()
    path = result_files.result_path(row) if row else None
    return path if path is not None and path.exists() else None


def behind(
    public_id: str, *, field: str, dimension: str, groups: dict[str, int], beyond_rank: int = 0, limit: int = 50
) -> list[dict[str, Any]] | None:
    """The customers (customer_id, rank) behind a fault of a field, best first; None when the findings are gone."""
    path = result_files.result_path(public_id)
    if not path.exists():
        return None
    return result_files.behind(
        path, field=field, dimension=dimension, groups=groups, beyond_rank=beyond_rank, limit=limit
    )


def fields_checked() -> list[str]:
    """The fields some rule in force looks at."""
    return list(dict.fromkeys(rule.field for rule in rules_in_force()))


def figures_of(customer_id: int) -> dict[str, Any] | None:
    """One customer's score and faults now, as the result file would hold them; None for nobody.

    Whether another customer shares a value is not looked at here.
    """
    from zhike.clean.quality.checking import Checker

    found = whole_files_of([customer_id])
    if not found:
        return None
    told = Checker(rules_in_force(), clock.today(installation().time_zone)).check(found[0])

    def named(looked_at: int, wanted: int) -> str:
        names = [n for n in _names(told.bits) if told.bits[n] & looked_at == wanted]
        return f",{','.join(names)}," if names else ""

    return {
        "score": told.score,
        "missing": named(ASKED | FILLED, ASKED),
        "invalid": named(INVALID, INVALID),
        "stale": named(STALE, STALE),
        "contradicted": named(CONTRADICTED, CONTRADICTED),
    }


def _names(bits: Mapping[str, int]) -> list[str]:
    order = {name: place for place, name in enumerate(fields_checked())}
    return sorted(bits, key=lambda name: order.get(name, len(order)))


def _facts(row: QualityDay, *, with_detail: bool = True) -> DayFacts:
    detail = row.detail if with_detail else {}
    return DayFacts(row.public_id, row.day, row.customers, row.score, row.totals, detail, row.measured_at)

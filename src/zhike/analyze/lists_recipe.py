"""The three lists to act on today, from the lake to open tasks. For the analysis child."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhike.analyze.lake import Lake
from zhike.work import actions as work
from zhike.work.records import TaskOffer

if TYPE_CHECKING:
    import ibis.expr.types as ir

LIST_SIZE = 200  # what a team can work through; the next best move up when entries are closed
_CANDIDATES = 2000


@dataclass(frozen=True, slots=True)
class ListKind:
    """One list: the kind of its tasks, the measure that draws it up, the numbers its reason needs, its last order."""

    kind: str
    measure: str
    said: tuple[str, ...]
    last_day: str


LISTS = (
    ListKind(
        "gone_quiet", "gone_quiet", ("silent_days", "own_gap_days", "purchase_days", "monetary_cents"), "last_day"
    ),
    ListKind("big_first_buyer", "large_first", ("days_since", "order_cents", "threshold_cents"), "order_day"),
    ListKind(
        "lost_high_value",
        "lost_high_value",
        ("silent_days", "limit_days", "purchase_days", "monetary_cents", "threshold_cents"),
        "last_day",
    ),
)


def offer_lists(
    lake: Lake, orders: "ir.Table", *, as_of: dt.date, currency: str, run_id: int
) -> dict[str, dict[str, int]]:
    """Draw up the lists and make them tasks, each with the customer's owner; returns what became of the offers by list."""
    from zhike_analytics import lists

    kept = {}
    owners = lake.table("cards").select(card_id="customer_id", owner="owner_staff_id")
    for wanted in LISTS:
        found = getattr(lists, wanted.measure)(orders, as_of=as_of, limit=_CANDIDATES)
        owned = found.left_join(owners, found.customer_id == owners.card_id).order_by("rank")
        offers = list(_offers(wanted, owned.to_pyarrow().to_pylist(), as_of, currency))
        tally = work.offer_tasks(wanted.kind, offers, run_id=run_id, limit=LIST_SIZE)
        kept[wanted.kind] = {name: getattr(tally, name) for name in tally.__slots__}
    return kept


def _offers(wanted: ListKind, rows: list[Mapping[str, Any]], as_of: dt.date, currency: str) -> Iterator[TaskOffer]:
    for row in rows:
        last = row[wanted.last_day]
        said = {name: _plain(row[name]) for name in wanted.said}
        yield TaskOffer(
            about_id=row["customer_id"],
            rank=row["rank"],
            why_code=row["reason"],
            why_params={**said, "currency": currency, "last_day": last.isoformat()},
            owner_staff_id=row["owner"],
            due_on=as_of,
            fact_at=dt.datetime.combine(last, dt.time(), tzinfo=dt.UTC),
        )


def _plain(value: Any) -> Any:
    """Half days and half cents of a median are told in whole ones."""
    return round(value) if isinstance(value, float) else value

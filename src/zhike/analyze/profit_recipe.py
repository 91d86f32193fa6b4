"""Profit contribution of the whole base: margin, cost to serve, what is left, by customer and by group. For the analysis child."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zhike.analyze.composition_recipe import attributed
from zhike.analyze.lake import Lake
from zhike.analyze.measure_parameters import ASSUMED, MeasureParameters
from zhike.analyze.products_recipe import counted_lines, unit_costs
from zhike.analyze.rfm_recipe import counted_orders
from zhike.customers import queries as customers

if TYPE_CHECKING:
    import ibis.expr.types as ir

CURVE_POINTS = 100
MOST_GROUPS = 40
GROUPS = ("source", "rfm_class", "abc_class", "level", "stage", "owner", "kind", "province")
_FIGURES = (
    "orders", "net_cents", "cost_cents", "margin_cents", "contacts", "minutes", "time_cents", "spent_cents",
    "handling_cents", "acquisition_cents", "serve_cents", "contribution_cents", "profit_class", "service_kind", "rank",
    "cumulative_cents", "known_cents", "goods_cents",
)  # fmt: skip


def compute(
    lake: Lake, parameters: MeasureParameters, *, as_of: dt.date, zone: str, path: Path, beside: dict[str, Path]
) -> dict[str, Any]:
    """Write each customer's contribution to the result file and return every figure of the page."""
    import ibis

    from zhike_analytics import profit

    _before, period = parameters.periods(as_of)
    orders, left_out = counted_orders(lake, as_of=as_of, zone=zone)
    inside = orders.filter(orders.day.between(ibis.date(period[0]), ibis.date(period[1]))).cache()
    contacts = _contacts(lake, period, zone).cache()
    costs = _source_costs(period)
    acquired = profit.acquired(_brought(lake, orders, period), costs).cache()
    rates = _rates(parameters)
    measured = profit.contributions(
        inside, lines=counted_lines(lake, inside), costs=unit_costs(period), contacts=contacts, acquisition=acquired,
        rates=rates,
    ).cache()  # fmt: skip
    told = profit.totals(measured, rates)
    _write(lake, measured.rename(service_kind="kind"), path, beside)
    people = lake.read_result(path, "contributed")
    spent = int(costs.cost_cents.sum().to_pyarrow().as_py() or 0)
    return {
        "currency": left_out["currency"],
        "orders": left_out,
        "after": [day.isoformat() for day in period],
        **asdict(told),
        "unlaid_cents": spent - told.acquisition_cents,
        "contacts": _noted(contacts),
        "classes": profit.by_group(people, "profit_class").to_pyarrow().to_pylist(),
        "service_kinds": _kinds(people),
        "groups": {code: _grouped(people, code) for code in GROUPS if code in people.columns},
        "curve": [[round(x, 5), round(y, 5)] for x, y in profit.whale(people, points=CURVE_POINTS)],
    }


def _rates(parameters: MeasureParameters) -> Any:
    from zhike_analytics.profit import Rates

    return Rates(
        hour_cents=parameters.hour_cents,
        order_cents=parameters.handling_cents,
        assumed_margin=ASSUMED[parameters.assumed],
    )


def _contacts(lake: Lake, period: tuple[dt.date, dt.date], zone: str) -> "ir.Table":
    """The contacts of the period under their root customer: customer_id, minutes, cost_cents."""
    import ibis

    held = lake.table("contacts").inner_join(lake.roots(), "source_record_id")
    day = lake.shop_time(held.contacted_at, zone).date()
    held = held.mutate(day=day).filter(day.between(ibis.date(period[0]), ibis.date(period[1])))
    return held.select("customer_id", "minutes", "cost_cents")


def _noted(contacts: "ir.Table") -> dict[str, int]:
    """How many contacts there were, and of how many the minutes are noted: the others cost no time here."""
    found = contacts.aggregate(all=contacts.count(), timed=contacts.minutes.count()).to_pyarrow().to_pylist()[0]
    return {name: int(value) for name, value in found.items()}


def _brought(lake: Lake, orders: "ir.Table", period: tuple[dt.date, dt.date]) -> "ir.Table":
    """Whom a source brought in the period: customers whose first purchase lies in it, by their first source."""
    import ibis

    bought = orders.filter(orders.net_cents > 0)
    first = bought.group_by("customer_id").aggregate(first_day=bought.day.min())
    first = first.filter(first.first_day.between(ibis.date(period[0]), ibis.date(period[1])))
    cards = lake.table("cards").select(card_id="customer_id", source_id="first_source_id")
    return first.inner_join(cards, first.customer_id == cards.card_id).select("customer_id", "source_id")


def _source_costs(period: tuple[dt.date, dt.date]) -> "ir.Table":
    import ibis
    import pyarrow as pa

    found = customers.source_costs_between(*period)
    columns = {"source_id": list(found), "cost_cents": list(found.values())}
    return ibis.memtable(pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()}))


def _write(lake: Lake, measured: "ir.Table", path: Path, beside: dict[str, Path]) -> None:
    """Sorted by rank, with file number and attributes, so that every figure of a group opens its customers."""
    from zhike_analytics.purchases import group_text

    people = attributed(lake, beside).rename(person_id="customer_id")
    joined = measured.inner_join(people, measured.customer_id == people.person_id).drop("person_id")
    texts = {code: group_text(joined[code]) for code in GROUPS if code in joined.columns}
    chosen = joined.select("customer_id", "number", *_FIGURES, **texts)
    draft = path.with_suffix(".new")
    lake.engine.to_parquet(chosen.cache().order_by("rank"), str(draft), COMPRESSION="zstd")
    draft.replace(path)


def _grouped(people: "ir.Table", code: str) -> list[dict[str, Any]]:
    from zhike_analytics.profit import by_group

    rows = by_group(people, code).to_pyarrow().to_pylist()
    return rows[:MOST_GROUPS]


def _kinds(people: "ir.Table") -> list[dict[str, Any]]:
    """The four kinds by margin and cost to serve; customers without revenue are none of them."""
    from zhike_analytics.profit import by_group

    told = people.filter(people.service_kind.notnull())
    return by_group(told, "service_kind").to_pyarrow().to_pylist()


def metric_rows(lake: Lake) -> Iterator[tuple[int, dict[str, Any]]]:
    """(customer, figures) of everybody who has a contribution, by customer id; after `compute`."""
    held = lake.engine.table("contributed").order_by("customer_id")
    names = ["net_cents", "margin_cents", "serve_cents", "contribution_cents", "profit_class", "service_kind", "rank"]
    for batch in held.select("customer_id", *names).to_pyarrow_batches(chunk_size=10_000):
        for row in batch.to_pylist():
            yield row.pop("customer_id"), row

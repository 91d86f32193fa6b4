"""Profit contribution over the API."""

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from zhike.analyze import measure_words, queries
from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict
from zhike.customers import queries as customers
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

profits = Routes("Profit contribution")
_STEPS = (
    "net_cents",
    "cost_cents",
    "time_cents",
    "spent_cents",
    "handling_cents",
    "acquisition_cents",
    "contribution_cents",
)


class ContributionOut(Strict):
    """Customers of a class or group and what they leave, in cents; `losing` of them cost more than they bring."""

    group: str
    customers: int
    net_cents: int
    margin_cents: int
    serve_cents: int
    contribution_cents: int
    losing: int
    lost_cents: int


class ProfitOut(Strict):
    """The newest figures. contribution = net − cost of goods − time − spent − handling − acquisition."""

    run: str
    as_of: dt.date
    first_day: dt.date
    last_day: dt.date
    currency: str
    customers: int
    net_cents: int
    cost_cents: int
    time_cents: int
    spent_cents: int
    handling_cents: int
    acquisition_cents: int
    contribution_cents: int
    known_share: float | None = Field(description="Of the goods' money, the part whose cost price is known.")
    classes: list[ContributionOut]
    service_kinds: list[ContributionOut] = Field(description="Margin against cost to serve, split at the medians.")
    groups: dict[str, list[ContributionOut]] = Field(description="By attribute, those the token's maker may see.")


class CustomerProfit(Strict):
    """What one customer left in the period of the newest run, in cents."""

    as_of: dt.date
    net_cents: int
    margin_cents: int
    serve_cents: int
    contribution_cents: int
    profit_class: Literal["profit", "even", "loss"]
    service_kind: Literal["passive", "carriage", "bargain", "aggressive"] | None = None


@profits.get("/profit", answer=ProfitOut, scope="insight:read", needs="analyze.view")
def read_profit(request: ApiRequest) -> dict[str, Any]:
    """The figures of the newest run; for who sees amounts."""
    run = queries.latest_run("profit")
    if run is None or not _sees(request.viewer):
        raise Problem("not_found")
    counts = run.counts
    goods = counts["goods_cents"]
    offered = measure_words.offered(request.viewer, counts["groups"])
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "first_day": counts["after"][0],
        "last_day": counts["after"][1],
        **{name: counts[name] for name in ("currency", "customers", *_STEPS)},
        "known_share": counts["known_cents"] / goods if goods > 0 else None,
        "classes": counts["classes"],
        "service_kinds": counts["service_kinds"],
        "groups": {code: counts["groups"][code] for code in offered},
    }


@profits.get("/customers/{customer}/profit", answer=CustomerProfit, scope="customers:read", needs="customers.view")
def read_contribution(request: ApiRequest, customer: str) -> dict[str, Any]:
    """What one customer left, in the scope of the token's maker."""
    root_id = customers.root_of(request.viewer, customer[:64])
    found = queries.contribution(request.viewer, root_id) if root_id is not None else None
    if found is None:
        raise Problem("not_found")
    names = ("as_of", "net_cents", "margin_cents", "serve_cents", "contribution_cents", "profit_class", "service_kind")
    return {name: getattr(found, name) for name in names}


def _sees(viewer: Viewer) -> bool:
    return secure.sight(viewer, "net_amount") == "shown" and secure.sight(viewer, "metrics") == "shown"

"""What goes together and what to recommend, over the API."""

import datetime as dt
from typing import Any

from ninja import Query
from pydantic import Field

from zhike.analyze import actions, association_page, queries
from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict
from zhike.customers import queries as customers
from zhike.secure import queries as secure

goods = Routes("Products together and recommended")


class RuleOut(Strict):
    """Who buys `antecedent` also buys `consequent`; `skus` holds the merchant codes of both sides in order."""

    rank: int
    antecedent: str
    consequent: str
    skus: list[str]
    together: int = Field(description="Baskets with everything the rule names.")
    antecedent_count: int
    consequent_count: int
    support: float
    confidence: float
    lift: float
    leverage: float
    conviction: float | None = Field(description="Null where no basket speaks against the rule.")
    cosine: float
    jaccard: float
    kulczynski: float
    zhang: float
    chance: float = Field(description="Fisher's exact test, one-sided.")


class BundleOut(Strict):
    """Products to offer together; no price for who may not see amounts."""

    titles: list[str]
    skus: list[str]
    together: int
    extra: int = Field(description="Baskets beyond what chance would give.")
    lift: float
    price_cents: int | None = None


class AssociationOut(Strict):
    """What the newest run found; `refused` says why there is nothing."""

    run: str
    as_of: dt.date
    first: dt.date
    last: dt.date
    baskets: int
    least: int | None = None
    found: int
    refused: str | None = None
    rules: list[RuleOut] = Field(default_factory=list)
    bundles: list[BundleOut] = Field(default_factory=list)
    next: int | None = Field(None, description="Give it as `beyond_rank` for the next rules.")


class RulesQuery(Strict):
    """Which rules: those that name a product (part of title or code), beyond a rank."""

    product: str = Field("", max_length=80)
    beyond_rank: int = Field(0, ge=0)
    limit: int = Field(50, ge=1, le=500)


@goods.get("/association", answer=AssociationOut, scope="insight:read", needs="analyze.view")
def read_association(request: ApiRequest, query: Query[RulesQuery]) -> dict[str, Any]:
    """Rules of the newest run, best lift first, and bundles to offer."""
    run = queries.latest_run("association")
    if run is None or secure.sight(request.viewer, "order_lines") != "shown":
        raise Problem("not_found")
    counts, told = run.counts, {"run": run.public_id, "as_of": run.as_of}
    told |= {"first": run.counts["after"][0], "last": run.counts["after"][1], "baskets": counts["baskets"]}
    told |= {"found": counts["found"], "refused": counts.get("refused")}
    path = actions.result_file(run.public_id, "association")
    if told["refused"] or path is None:
        return told
    rows = association_page.sought(path, query.product, beyond_rank=query.beyond_rank, limit=query.limit + 1)
    hidden = {} if secure.sight(request.viewer, "net_amount") == "shown" else {"price_cents": None}
    return {
        **told,
        "least": counts["least"],
        "rules": [{name: row[name] for name in RuleOut.model_fields} for row in rows[: query.limit]],
        "bundles": [{**bundle, **hidden} for bundle in counts["bundles"]],
        "next": rows[query.limit - 1]["rank"] if len(rows) > query.limit else None,
    }


class TriedOut(Strict):
    """A model on purchases after a split: means over customers, of the first ten products."""

    model: str
    split: dt.date
    customers: int
    hit_rate: float
    recall: float
    ndcg: float
    map: float
    coverage: float


class ProposedOut(Strict):
    """A product, and to how many customers it is recommended (or, of popular ones, how many bought it)."""

    product_id: int
    title: str
    customers: int


class RecommendationsOut(Strict):
    """The newest run: the model, how each did on time it had not seen, what is recommended to most."""

    run: str
    as_of: dt.date
    customers: int
    served: int
    model: str | None
    refused: str | None = None
    tried: list[TriedOut]
    products: list[ProposedOut]
    popular: list[ProposedOut]


class RecommendedOut(Strict):
    """A product for a customer; `because`: what they bought that speaks for it, empty where it is what most buy."""

    product_id: int
    title: str
    because: list[str]


class RecommendedList(Strict):
    """Products for one customer, best first."""

    items: list[RecommendedOut]


@goods.get("/recommendations", answer=RecommendationsOut, scope="insight:read", needs="analyze.view")
def read_recommendations(request: ApiRequest) -> dict[str, Any]:
    """The figures of the newest run, beside what most customers buy."""
    run = queries.latest_run("recommendation")
    if run is None or secure.sight(request.viewer, "order_lines") != "shown":
        raise Problem("not_found")
    counts = run.counts
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "customers": counts["customers"],
        "served": counts.get("served", 0),
        "model": counts.get("model"),
        "refused": counts.get("refused"),
        "tried": [{n: row[n] for n in TriedOut.model_fields} for row in counts["tried"]],
        "products": counts["products"],
        "popular": counts["popular"],
    }


@goods.get(
    "/customers/{customer}/recommendations", answer=RecommendedList, scope="customers:read", needs="customers.view"
)
def read_recommended(request: ApiRequest, customer: str) -> dict[str, Any]:
    """What to recommend to one customer, in the scope of the token's maker, and why."""
    root_id = customers.root_of(request.viewer, customer[:64])
    if root_id is None or secure.sight(request.viewer, "order_lines") != "shown":
        raise Problem("not_found")
    found = queries.recommended(request.viewer, root_id)
    return {"items": [{"product_id": r.product_id, "title": r.title, "because": list(r.because)} for r in found]}


class TriedNeeds(Strict):
    """A list as of a day in the past, held against what then happened, beside everybody's usual gap and chance."""

    split: dt.date
    listed: int
    hits: int
    hit_rate: float
    plain_hit_rate: float
    base_rate: float


class NeedsOut(Strict):
    """The newest run: how many customers will need something within so many days."""

    run: str
    as_of: dt.date
    within_days: int
    customers: int
    needs: int
    tried: TriedNeeds | None = None


class NeedOut(Strict):
    """What a customer will need again first; `basis`: own, product or category, whose rhythm it is told from."""

    product_id: int
    title: str
    due_day: dt.date
    gap_days: int
    basis: str


@goods.get("/needs", answer=NeedsOut, scope="insight:read", needs="analyze.view")
def read_needs(request: ApiRequest) -> dict[str, Any]:
    """The figures of the newest run; its customers are the worklist `need_soon`."""
    run = queries.latest_run("replenishment")
    if run is None:
        raise Problem("not_found")
    counts, tried = run.counts, run.counts["tried"]
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "within_days": counts["within"],
        "customers": counts["people"],
        "needs": counts["rows"],
        "tried": {name: tried[name] for name in TriedNeeds.model_fields} if tried else None,
    }


@goods.get("/customers/{customer}/next-need", answer=NeedOut, scope="customers:read", needs="customers.view")
def read_next_need(request: ApiRequest, customer: str) -> dict[str, Any]:
    """What one customer will probably need again first, in the scope of the token's maker."""
    root_id = customers.root_of(request.viewer, customer[:64])
    found = queries.next_need(request.viewer, root_id) if root_id is not None else None
    if found is None:
        raise Problem("not_found")
    return {name: getattr(found, name) for name in NeedOut.model_fields}

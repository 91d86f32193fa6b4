"""Portraits and look-alikes over the API: what is guessed, always with what it stands on."""

import datetime as dt
from typing import Any

from pydantic import Field

from zhike.analyze import portrait_words, queries
from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict
from zhike.customers import queries as customers
from zhike.secure import queries as secure

portraits = Routes("Portraits")


class GroupOut(Strict):
    """A group of customers who buy alike, named by its strongest traits."""

    code: str = Field(description="Made of its traits; what the facet `portrait_group` asks for.")
    name: str
    customers: int
    share: float
    stability: float = Field(description="Mean Jaccard index over bootstraps.")
    standing: str = Field(description="stable, doubtful or dissolved.")


class TypeOut(Strict):
    """A psychology type, and how many seem to carry it."""

    type: str
    customers: int


class PortraitsOut(Strict):
    """The newest run; `refused` says why there are no groups."""

    run: str
    as_of: dt.date
    customers: int
    refusing: int = Field(description="Left out because they refused to be profiled.")
    refused: str | None = None
    silhouette: float | None = None
    groups: list[GroupOut]
    types: list[TypeOut]


class GuessOut(Strict):
    """A psychology type of one customer, from 1 to 100, and what stands behind it."""

    type: str
    strength: int
    because: list[str]


class PreferenceOut(Strict):
    """What one customer does markedly more often than the shop: so many of so many orders."""

    kind: str
    value: str
    hits: int
    of: int
    shop_percent: int


class PortraitOut(Strict):
    """What is guessed of one customer from orders: never a fact, and part of the copy when the person asks for their data."""

    as_of: dt.date
    is_guess: bool = True
    group: str
    types: list[GuessOut]
    preferences: list[PreferenceOut]


class LookAlikesOut(Strict):
    """The newest run of look-alikes, and how well members held out were told from others."""

    run: str
    as_of: dt.date
    members: int
    ranked: int
    refused: str | None = None
    area: float | None = None
    error: float | None = None
    lift: float | None = None
    is_better_than_chance: bool | None = None


@portraits.get("/portraits", answer=PortraitsOut, scope="insight:read", needs="analyze.view")
def read_portraits(request: ApiRequest) -> dict[str, Any]:
    """Groups and psychology types of the newest run; types for those who may see them."""
    run = queries.latest_run("portrait")
    if run is None or secure.sight(request.viewer, "metrics") != "shown":
        raise Problem("not_found")
    counts = run.counts
    names = [name for name in GroupOut.model_fields if name != "name"]
    types = counts["types"] if queries.sees_psychology(request.viewer) else []
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "customers": counts["customers"],
        "refusing": counts["refusing"],
        "refused": counts["refused"],
        "silhouette": counts.get("silhouette"),
        "groups": [
            {**{n: row[n] for n in names}, "name": portrait_words.group_name(row["code"])} for row in counts["groups"]
        ],
        "types": [{"type": row["type"], "customers": row["customers"]} for row in types],
    }


@portraits.get("/customers/{customer}/portrait", answer=PortraitOut, scope="customers:read", needs="customers.view")
def read_portrait(request: ApiRequest, customer: str) -> dict[str, Any]:
    """What is guessed of one customer, in the scope of the token's maker; nothing of who refuses to be profiled."""
    root_id = customers.root_of(request.viewer, customer[:64])
    found = queries.portrait(request.viewer, root_id) if root_id is not None else None
    if found is None:
        raise Problem("not_found")
    return {
        "as_of": found.as_of,
        "group": found.group,
        "types": [{"type": t.type, "strength": t.strength, "because": list(t.because)} for t in found.types],
        "preferences": [
            {"kind": p.kind, "value": p.label, "hits": p.hits, "of": p.of, "shop_percent": p.shop_percent}
            for p in found.preferences
        ],
    }


@portraits.get("/look-alikes", answer=LookAlikesOut, scope="insight:read", needs="analyze.view")
def read_look_alikes(request: ApiRequest) -> dict[str, Any]:
    """The newest run; its customers are those a segment finds by the facet `lookalike_place`."""
    run = queries.latest_run("lookalike")
    if run is None or secure.sight(request.viewer, "metrics") != "shown":
        raise Problem("not_found")
    counts, tried = run.counts, run.counts.get("tried") or {}
    return {
        "run": run.public_id,
        "as_of": run.as_of,
        "members": counts["members"],
        "ranked": counts["ranked"],
        "refused": counts["refused"],
        "area": tried.get("area"),
        "error": tried.get("error"),
        "lift": tried.get("lift"),
        "is_better_than_chance": tried.get("is_better"),
    }

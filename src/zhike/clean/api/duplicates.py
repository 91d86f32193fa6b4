"""Duplicates over the API: pairs that may be one customer, one of them, and what was decided."""

import datetime as dt
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cursor, Limit, Page, Receipted, Strict
from zhike.clean.actions import duplicates as do
from zhike.clean.match.sentences import may_be_told
from zhike.clean.queries import duplicates as asked
from zhike.clean.queries.duplicates import PairFacts
from zhike.secure.records import Viewer

routes = Routes("Duplicates")
READ: dict[str, Any] = {"scope": "duplicates:read", "needs": "clean.view"}


class PartOut(Strict):
    """What one comparison says: the level of likeness met, and what it adds to the weight."""

    comparison: str
    level: str = Field(description="A code; `other` means that it differs. Absent comparisons are unknown or hidden.")
    weight: float


class PairOut(Strict):
    """Two files that may be one customer."""

    pair: str
    customers: list[str] = Field(description="Public ids; one id alone once they are merged.")
    weight: float = Field(description="log2 of the odds that it is one customer.")
    probability: float
    parts: list[PartOut]
    origin: Literal["scored", "conflict"]
    state: str
    found_at: dt.datetime
    decided_at: dt.datetime | None = None


class PairList(Page):
    """Waiting pairs by weight; decided ones newest first."""

    items: list[PairOut]


class PairQuery(Strict):
    """Which pairs, and where the list goes on."""

    state: Literal["open", "skipped", "decided"] = "open"
    after: Cursor = Field("", max_length=80)
    limit: Limit = 50


class Decision(Strict):
    """What a person found. `survivor` is the customer whose file stays in a merge."""

    decision: Literal["merge", "not_same", "same_household", "skip", "take_back"]
    survivor: str = Field("", max_length=64)


class Decided(Receipted):
    """The pair and its new state."""

    pair: str
    state: str


@answers(do.PairRefused)
def _refused(error: do.PairRefused) -> Problem:
    if error.code == "gone":
        return Problem("not_found")
    if error.code in ("unknown_decision", "not_a_side"):
        return refused("body", error.code)
    return Problem("state_conflict")


@routes.get("/duplicates", answer=PairList, **READ)
def list_duplicates(request: ApiRequest, query: Query[PairQuery]) -> dict[str, Any]:
    """Pairs both of whose files the token's maker may see."""
    page = asked.queue(request.viewer, query.state, after=query.after, limit=query.limit)
    return {"items": [_out(request.viewer, one) for one in page.pairs], "next": page.next_key or None}


@routes.get("/duplicates/{pair}", answer=PairOut, **READ)
def get_duplicate(request: ApiRequest, pair: str) -> dict[str, Any]:
    """One pair."""
    return _out(request.viewer, _pair(request.viewer, pair))


@routes.write(
    "POST", "/duplicates/{pair}/decision", scope="duplicates:write", needs="clean.decide", answers={200: Decided}
)
def decide_duplicate(request: ApiRequest, pair: str, decision: Decision) -> dict[str, Any]:
    """Merge the two, say that they are not one or share a household, put the pair aside, or take a decision back."""
    one = _pair(request.viewer, pair)
    if decision.decision == "take_back":
        do.take_back(one.public_id, by=request.viewer)
        return {"pair": one.public_id, "state": "open"}
    sides = {one.low.public_id: one.low.customer_id, one.high.public_id: one.high.customer_id}
    if decision.survivor and decision.survivor not in sides:
        raise refused("body.survivor", "not_a_side")
    survivor = sides.get(decision.survivor)
    state = do.decide(one.public_id, decision.decision, by=request.viewer, survivor_id=survivor, by_machine=True)
    return {"pair": one.public_id, "state": state}


def _pair(viewer: Viewer, public_id: str) -> PairFacts:
    found = asked.pair(viewer, public_id[:64])
    if found is None:
        raise Problem("not_found")
    return found


def _out(viewer: Viewer, one: PairFacts) -> dict[str, Any]:
    return {
        "pair": one.public_id,
        "customers": list(dict.fromkeys([one.low.public_id, one.high.public_id])),
        "weight": round(one.weight, 2),
        "probability": round(one.probability, 6),
        "parts": [
            {"comparison": code, "level": level, "weight": weight}
            for code, level, weight in one.parts
            if level and may_be_told(viewer, code)
        ],
        "origin": one.origin,
        "state": one.state,
        "found_at": one.found_at,
        "decided_at": one.decided_at,
    }

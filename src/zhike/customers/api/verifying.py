"""Verification over the API: how far the values of a field are verified, and what asking gave."""

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Receipted, Strict
from zhike.customers import actions, queries
from zhike.customers.api.files import READ, root
from zhike.secure import fields
from zhike.secure import queries as secure

routes = Routes("Verification")


class CheckedOut(Strict):
    """One distinct value of a field: itself or its mask, and how far it is verified."""

    value: str
    version: int = Field(description="Names the value in a finding.")
    state: Literal["unverified", "format_valid", "corroborated", "confirmed", "refuted"]
    origins: int = Field(description="Independent origins that say it; the shops of one platform count as one.")
    sources: list[str]
    by_staff: bool
    is_shown: bool
    newest_at: dt.datetime
    verified_at: dt.datetime | None = None


class FindingOut(Strict):
    """Somebody asked: when, how, and what came of it."""

    is_right: bool
    way: str
    at: dt.datetime
    taken_back: bool


class VerificationOut(Strict):
    """The values of a field, the one shown first, and the findings about them."""

    field: str
    masked: bool
    mark: str = Field(description="Send it with a finding: when the values changed meanwhile nothing is kept.")
    values: list[CheckedOut]
    findings: list[FindingOut]


class FindingNoted(Strict):
    """Whether a value is right."""

    version: int = Field(ge=0, le=2**62)
    is_right: bool


class FindingIn(Strict):
    """What asking gave: of values whether they are right, and the right one where none of them is."""

    way: Literal["call", "visit", "document", "code"]
    found: list[FindingNoted] = Field([], max_length=50)
    value: str = Field(
        "", max_length=400, description="The right value, told anew; it is entered as staff enter values."
    )
    note: str = Field("", max_length=1000)
    mark: str = Field("", max_length=32)


class FindingKept(Receipted):
    """How many findings were kept."""

    field: str
    kept: int


@answers(actions.VerifyRefused)
def _refused(error: actions.VerifyRefused) -> Problem:
    return Problem("changed_meanwhile") if error.code == "changed" else refused("body", error.code)


@routes.get("/customers/{customer}/fields/{field}/verification", answer=VerificationOut, **READ)
def get_verification(request: ApiRequest, customer: str, field: str) -> dict[str, Any]:
    """How far the values of a field are verified, and what was found."""
    root_id = root(request.viewer, customer)
    _must_know(request, field)
    values, mark = queries.checked_values(request.viewer, root_id, field)
    acts = queries.verification_acts(request.viewer, root_id, field)
    return {
        "field": field,
        "masked": secure.sight(request.viewer, field) == "masked",
        "mark": mark,
        "values": [
            {
                "value": v.text,
                "version": v.version_id,
                "state": v.state,
                "origins": v.origin_count,
                "sources": list(v.sources),
                "by_staff": v.is_house,
                "is_shown": v.is_shown,
                "newest_at": v.newest_at,
                "verified_at": v.verified_at,
            }
            for v in values
        ],
        "findings": [{"is_right": a.is_right, "way": a.way, "at": a.at, "taken_back": a.is_withdrawn} for a in acts],
    }


@routes.write(
    "POST",
    "/customers/{customer}/fields/{field}/verification",
    scope="verifications:write",
    needs="customers.verify",
    answers={200: FindingKept},
    may_be_stale=True,
)
def note_finding(request: ApiRequest, customer: str, field: str, finding: FindingIn) -> dict[str, Any]:
    """Keep what asking the customer gave. It holds for the values, whoever states them now or later."""
    root_id = root(request.viewer, customer)
    _must_know(request, field)
    found = {f.version: f.is_right for f in finding.found}
    kept = actions.verify_value(
        root_id, field, found, by=request.viewer, way=finding.way, note=finding.note, new_text=finding.value,
        seen=finding.mark,
    )  # fmt: skip
    return {"field": field, "kept": len(kept)}


def _must_know(request: ApiRequest, field: str) -> None:
    if not fields.known(field) or secure.sight(request.viewer, field) == "hidden" or not fields.field(field).is_stated:
        raise Problem("not_found")

"""Consent over the API: how a customer stands to each purpose, what was answered, and a new answer."""

import datetime as dt
from typing import Annotated, Any, Literal

from ninja import Status
from pydantic import Field

from zhike.api.problems import Problem, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Moment, Receipted, Strict
from zhike.customers import actions, queries
from zhike.customers.api.files import root
from zhike.secure import consents
from zhike.secure.consents import Answer

routes = Routes("Consents")
READ: dict[str, Any] = {"scope": "consents:read", "needs": "consents.view"}
State = Literal["given", "withdrawn", "lapsed", "unknown"]
Way = Literal["form", "paper", "phone", "staff", "link", "import", "api"]
Purpose = Annotated[str, Field(max_length=40, description="Code of a purpose.")]


class PurposeOut(Strict):
    """A purpose customers' data is used for."""

    code: str
    name: str
    basis: str
    needs_consent: bool
    advertising: bool
    notice_version: int | None = Field(None, description="The version asked now.")


class PurposeList(Strict):
    """The purposes in use."""

    items: list[PurposeOut]


class StandingOut(Strict):
    """How a customer stands to a purpose; of a merged group the most restrictive answer holds."""

    purpose: str
    state: State
    allowed: bool
    decided_on: str | None = Field(None, description="Number of the file whose answer decides.")
    restricting: list[str] = Field(description="Numbers of files in the group that say withdrawn.")


class AnswerOut(Strict):
    """One answer; what proves it is not sent."""

    id: int
    purpose: str
    answer: Literal["given", "withdrawn"]
    way: Way
    at: dt.datetime
    until: dt.datetime | None = None
    notice_version: int | None = None
    language: str
    has_evidence: bool
    is_taken_back: bool = Field(False, description="With the import that brought it in: it counts for nothing.")
    file: str = Field(description="Number of the file it was given on.")


class ConsentsOut(Strict):
    """All purposes, and every answer, the newest first."""

    do_not_contact: bool
    standings: list[StandingOut]
    answers: list[AnswerOut]


class AnswerIn(Strict):
    """What the customer answered."""

    purpose: Purpose
    answer: Literal["given", "withdrawn"]
    way: Way = "api"
    at: Moment | None = None
    until: Moment | None = Field(None, description="For consents given for a time.")
    notice_version: int | None = Field(None, ge=1, le=2**31, description="The words shown; needed for a consent given.")
    language: Literal["", "zh-hans", "en"] = ""
    evidence: str = Field("", max_length=2000, description="What proves it; sealed.")


class AnswersKept(Receipted):
    """The answers kept: a withdrawal is one for each file of the merged group."""

    ids: list[int]


@routes.get("/purposes", answer=PurposeList, **READ)
def list_purposes(request: ApiRequest) -> dict[str, Any]:
    """What customers' data is used for, and the version of the notice asked now."""
    return {"items": [_purpose(p) for p in consents.purposes()]}


@routes.get("/customers/{customer}/consents", answer=ConsentsOut, **READ)
def list_consents(request: ApiRequest, customer: str) -> dict[str, Any]:
    """How a customer stands to each purpose, and every answer."""
    told = queries.consents_of(request.viewer, _root(request, customer))
    standings = [
        {
            "purpose": line.purpose.code,
            "state": line.standing.state,
            "allowed": line.standing.is_allowed and not told.blocked_on,
            "decided_on": line.decided_on or None,
            "restricting": [number for _, number in line.restricting],
        }
        for line in told.lines
    ]
    answers = [_answer(a, told.numbers) for a in told.history]
    return {"do_not_contact": bool(told.blocked_on), "standings": standings, "answers": answers}


@routes.write(
    "POST",
    "/customers/{customer}/consents",
    scope="consents:write",
    needs="consents.edit",
    answers={201: AnswersKept},
)
def keep_answer(request: ApiRequest, customer: str, answer: AnswerIn) -> Status:
    """Keep what a customer answered. A withdrawal holds at once, over the whole merged group."""
    root_id = _root(request, customer)
    proof = actions.Proof(words=answer.evidence)
    if answer.answer == "withdrawn":
        made = actions.withdraw_consent(
            root_id, answer.purpose, way=answer.way, at=answer.at, proof=proof, by=request.viewer
        )
    else:
        made = actions.give_consent(
            root_id, answer.purpose, way=answer.way, at=answer.at, until=answer.until, notice_id=_notice_id(answer),
            language=answer.language, proof=proof, by=request.viewer,
        )  # fmt: skip
    return Status(201, {"ids": made})


def _root(request: ApiRequest, customer: str) -> int:
    if not request.viewer.can("customers.view"):
        raise Problem("not_found")
    return root(request.viewer, customer)


def _notice_id(answer: AnswerIn) -> int | None:
    if answer.notice_version is None:
        return None
    for notice in consents.notices(answer.purpose):
        if notice.version == answer.notice_version:
            return notice.id
    raise refused("body.notice_version", "consent.notice")


def _purpose(purpose: consents.Purpose) -> dict[str, Any]:
    shown = consents.current_notice(purpose.code)
    return {
        "code": purpose.code,
        "name": str(purpose.label),
        "basis": purpose.basis,
        "needs_consent": purpose.needs_consent,
        "advertising": purpose.is_advertising,
        "notice_version": shown.version if shown else None,
    }


def _answer(answer: Answer, numbers: dict[int, str]) -> dict[str, Any]:
    names = (
        "id",
        "purpose",
        "answer",
        "way",
        "at",
        "until",
        "notice_version",
        "language",
        "has_evidence",
        "is_taken_back",
    )
    return {name: getattr(answer, name) for name in names} | {"file": numbers.get(answer.subject_id, "")}

"""Truth checks over the API: which records are to be called again, what to ask, what came of it, and how true each collector proved."""

import datetime as dt
from typing import Any, Literal

from ninja import Query
from pydantic import Field

from zhike.api.problems import Problem, answers, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Cursor, Limit, Page, Receipted, Strict
from zhike.clean.actions import truth as do
from zhike.clean.queries import truth as asked
from zhike.clean.queries.truth import TruthCheck
from zhike.customers import queries as customers
from zhike.kit.paging import BadPageKey
from zhike.secure import queries as secure
from zhike.secure.records import Viewer

routes = Routes("Truth checks")
READ: dict[str, Any] = {"scope": "truth:read", "needs": "customers.verify"}
Outcome = Literal["true", "differs", "invented", "not_reached"]
Sign = Literal["pace", "phone_pattern", "phone_block", "same_contents", "round_hours", "all_equal"]


class AskedOut(Strict):
    """A field to ask about, and the value that was entered: itself or its mask."""

    field: str
    value: str
    masked: bool


class CheckOut(Strict):
    """One record to call again."""

    check: str
    customer: str = Field(description="Public id of the file the record stands on now.")
    collector: str = Field(description="Name of the member of staff who entered it.")
    collector_is_me: bool = Field(description="Nobody notes what they collected themselves.")
    collected_at: dt.datetime
    by_chance: bool = Field(description="Records asked about because of a sign do not count for the share true.")
    signs: list[Sign]
    tries: int
    outcome: Outcome | None = Field(None, description="Absent while it is to be called.")
    differing: list[str] = Field([], description="Fields that were not as entered, where you may see them.")
    noted_at: dt.datetime | None = None


class CheckInFull(CheckOut):
    """A record to call again, with what to ask; fields hidden from the token's maker are left out."""

    asked: list[AskedOut]


class CheckList(Page):
    """Checks about files the token's maker may see, the newest first."""

    items: list[CheckOut]


class CheckQuery(Strict):
    """Those to call or those noted, and where the list goes on."""

    state: Literal["open", "noted"] = "open"
    after: Cursor = Field("", max_length=200)
    limit: Limit = 50


class CheckOutcome(Strict):
    """What calling gave. `differing` names the fields asked about that were not as entered, with `differs` alone."""

    outcome: Outcome
    differing: list[str] = Field([], max_length=20)
    note: str = Field("", max_length=1000)


class OutcomeKept(Receipted):
    """The outcome that stands; absent where nobody was reached and the check comes back tomorrow."""

    check: str
    outcome: Outcome | None = None


class CollectorOut(Strict):
    """How true the records of one member of staff proved."""

    collector: str
    records: int = Field(description="Entered in the periods drawn from.")
    answered: int = Field(description="Drawn by chance and answered for.")
    share_true: float | None = Field(None, description="Of those answered for.")
    low: float | None = Field(
        None, description="Lower end of the interval in which the share lies with 95 % certainty."
    )
    high: float | None = Field(None, description="Upper end of it.")
    differs: int
    invented: int
    not_reached: int
    open: int
    next_share: float = Field(description="How large a share is drawn next.")
    signs: list[Sign] = Field(description="Of the newest draw; a sign proves nothing.")


class CollectorList(Strict):
    """Everybody of whose records some were drawn, the least true first."""

    items: list[CollectorOut]


@answers(do.CheckRefused)
def _refused(error: do.CheckRefused) -> Problem:
    if error.code == "gone":
        return Problem("not_found")
    return Problem("state_conflict") if error.code == "noted" else refused("body", error.code)


@routes.get("/truth-checks", answer=CheckList, **READ)
def list_truth_checks(request: ApiRequest, query: Query[CheckQuery]) -> dict[str, Any]:
    """Records to call again, or those noted."""
    try:
        page, roots = asked.checks(request.viewer, query.state, after=query.after, limit=query.limit)
    except BadPageKey:
        raise refused("query.after", "cursor") from None
    names = secure.staff_names(sorted({row.collector_staff_id for row in page.items}))
    lines = customers.lines(request.viewer, sorted(set(roots.values())))
    shown = [(row, lines[root]) for row in page.items if (root := roots.get(row.customer_id)) in lines]
    items = [_out(request.viewer, row, line.public_id, names) for row, line in shown]
    return {"items": items, "next": page.next_key}


@routes.get("/truth-checks/{check}", answer=CheckInFull, **READ)
def get_truth_check(request: ApiRequest, check: str) -> dict[str, Any]:
    """One record to call again, with what to ask."""
    viewer = request.viewer
    found = asked.one(viewer, check[:24])
    if found is None:
        raise Problem("not_found")
    row, root_id = found
    names = secure.staff_names([row.collector_staff_id])
    return {
        **_out(viewer, row, customers.lines(viewer, [root_id])[root_id].public_id, names),
        "asked": [
            {"field": e.name, "value": e.text, "masked": secure.sight(viewer, e.name) == "masked"}
            for e in asked.entered(viewer, row, root_id)
        ],
    }


@routes.write(
    "POST", "/truth-checks/{check}/outcome", scope="truth:write", needs="customers.verify", answers={200: OutcomeKept}
)
def note_truth_check(request: ApiRequest, check: str, outcome: CheckOutcome) -> dict[str, Any]:
    """Note what calling gave: each value asked about becomes right or wrong. Nobody notes what they collected themselves."""
    differing = outcome.differing if outcome.outcome == "differs" else []
    if outcome.differing and not differing:
        raise refused("body.differing", "wrong")
    stands = do.note_check(check[:24], outcome.outcome, by=request.viewer, differing=differing, note=outcome.note)
    return {"check": check[:24], "outcome": stands or None}


@routes.get("/truth-collectors", answer=CollectorList, scope="truth:read", needs="clean.rules")
def list_collectors(request: ApiRequest) -> dict[str, Any]:
    """How true the records of each collector proved, with the interval, and what is drawn next."""
    return {"items": [_collector(line) for line in asked.collectors()]}


def _out(viewer: Viewer, row: TruthCheck, customer: str, names: dict[int, str]) -> dict[str, Any]:
    return {
        "check": row.public_id,
        "customer": customer,
        "collector": names.get(row.collector_staff_id, ""),
        "collector_is_me": viewer.staff_id is not None and viewer.staff_id == row.collector_staff_id,
        "collected_at": row.collected_at,
        "by_chance": row.by_chance,
        "signs": row.signs,
        "tries": row.tries,
        "outcome": row.outcome or None,
        "differing": asked.visible(viewer, row.differing),
        "noted_at": row.noted_at,
    }


def _collector(line: asked.CollectorLine) -> dict[str, Any]:
    counts, is_known = line.result.counts, line.share is not None
    return {
        "collector": line.name,
        "records": line.records,
        "answered": line.result.answered,
        "share_true": line.share,
        "low": line.low if is_known else None,
        "high": line.high if is_known else None,
        "differs": counts.get("differs", 0),
        "invented": counts.get("invented", 0),
        "not_reached": counts.get("not_reached", 0),
        "open": line.result.open,
        "next_share": line.next_share,
        "signs": [code for code, _params in line.signs],
    }

"""Recording what sources say of customers, and entering values on a file."""

from typing import Any

from ninja import Status

from zhike.api.problems import Problem, refused
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Strict
from zhike.customers import actions, queries
from zhike.customers.actions.holding import hold
from zhike.customers.actions.single import Recorded, record_one
from zhike.customers.actions.sources import open_source
from zhike.customers.api import shapes
from zhike.customers.api.files import etag_of, root, whole
from zhike.customers.records import Statement
from zhike.kit import clock
from zhike.secure import fields

routes = Routes("Customers")
_CREATED = {"new": 201, "joined": 201, "updated": 200, "unchanged": 200}


@routes.write(
    "POST",
    "/customers",
    scope="customers:write",
    needs="collect.import",
    answers={200: shapes.CustomerRecorded, 201: shapes.CustomerRecorded},
)
def record_customer(request: ApiRequest, statement: shapes.CustomerIn) -> Status:
    """What a source says about one customer: made when the key is new, a new version when it says something else."""
    given = statement_of(statement)
    recorded = record_one(open_source(statement.source), given, by=request.viewer)
    return Status(_CREATED[recorded.outcome], {"id": _public_id(request, recorded), "outcome": recorded.outcome})


@routes.write(
    "PATCH",
    "/customers/{customer}",
    scope="customers:write",
    needs="customers.edit",
    answers={200: shapes.CustomerChanged},
    if_match=True,
)
def change_customer(request: ApiRequest, customer: str, change: shapes.CustomerChange) -> dict[str, Any]:
    """Enter values on a file as its maker would by hand; only if the file is still in the state If-Match names."""
    root_id, given = root(request.viewer, customer), values_of(change)
    if not given:
        raise refused("body.fields", "empty")
    with hold(root_id, by=request.viewer):
        if request.headers["If-Match"].strip() not in (etag_of(before := whole(request.viewer, root_id)), "*"):
            raise Problem("changed_meanwhile")
        versions = {n: actions.edit_field(root_id, n, text, by=request.viewer) for n, text in given.items()}
    return {"id": before["id"], "versions": versions, "etag": etag_of(whole(request.viewer, root_id))}


@routes.write(
    "POST",
    "/customers/{customer}/stage",
    scope="customers:write",
    needs="customers.edit",
    answers={200: shapes.StageMoved},
    may_be_stale=True,
)
def move_stage(request: ApiRequest, customer: str, move: shapes.StageMove) -> dict[str, Any]:
    """Put a customer at a stage of the funnel; the move is kept with its reason. With `seen` only if they still stand there."""
    root_id = root(request.viewer, customer)
    if move.reason and move.reason not in queries.loss_reason_names():
        raise refused("body.reason", "choice.unknown")
    with hold(root_id, by=request.viewer):
        before = queries.standing(request.viewer, root_id, "stage")[0]
        if move.seen and move.seen != before:
            raise Problem("changed_meanwhile")
        because = actions.Because(reason=move.reason, note=move.note)
        actions.set_stage([root_id], move.stage, by=request.viewer, because=because)
    return {"id": whole(request.viewer, root_id)["id"], "has_moved": move.stage != before}


def statement_of(given: shapes.CustomerIn, row_no: int = 1) -> Statement:
    """A statement as an import would make it of a row."""
    values = {name: text for name, text in values_of(given).items() if text.strip()}
    key = (given.key.kind, given.key.value)
    return Statement(key, given.as_of or clock.now(), values, row_no, given.kind, raw=dict(values))


def values_of(given: Any) -> dict[str, str]:
    """Values by field, those the merchant defined among them. Raises Problem for a field nobody defined."""
    stated: Strict = given.fields
    found: dict[str, str] = stated.model_dump(exclude_none=True)
    for code, text in given.custom.items():
        name = fields.CUSTOM_PREFIX + code
        if not fields.known(name):
            raise refused(f"body.custom.{code}", "extra_forbidden")
        found[name] = text
    return found


def _public_id(request: ApiRequest, recorded: Recorded) -> str | None:
    found = queries.customers_of_records(request.viewer, [recorded.record_id])
    lines = queries.lines(request.viewer, found.values())
    return next((row.public_id for row in lines.values()), None)

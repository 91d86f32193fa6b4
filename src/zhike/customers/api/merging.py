"""Merges over the API: the history of a file, merging two, taking apart, moving source records."""

import datetime as dt
from typing import Annotated, Any

from ninja import Status
from pydantic import Field

from zhike.api.problems import Problem
from zhike.api.routes import ApiRequest, Routes
from zhike.api.schemas import Receipted, Strict, of_field, shape
from zhike.customers import actions, queries
from zhike.customers.api.files import READ, root
from zhike.customers.models import Customer
from zhike.customers.queries.merges import MergeFacts

routes = Routes("Merges")
_WRITE: dict[str, Any] = {"scope": "customers:merge", "needs": "customers.merge"}
Named = Annotated[str, Field(max_length=64, description="Public id or file number.")]
MergeId = Annotated[int, Field(ge=1, lt=2**63)]


_MERGE = {
    "id": (int, ...),
    "absorbed": (str, Field(description="File number of the customer that was absorbed.")),
    "absorbed_name": of_field("name", str),
    "survivor": (str, Field(description="File number of the customer that stayed.")),
    "why": (str, ...),
    "evidence": (dict[str, Any], Field(description="Codes and weights that spoke for it.")),
    "by": (int | None, Field(None, description="Staff id.")),
    "by_machine": (bool, ...),
    "at": (dt.datetime, ...),
    "undone_at": (dt.datetime | None, None),
}
MergeOut = shape("MergeOut", "A merge in a file's history.", _MERGE)


class MergeList(Strict):
    """The merges of a file, newest first, those taken apart too."""

    items: list[MergeOut]  # type: ignore[valid-type]


class MergeIn(Strict):
    """Which file is absorbed by the one in the address."""

    absorb: Named
    why: str = Field("api", min_length=1, max_length=40, pattern=r"^[a-z_]+$", description="A code.")
    across_kinds: bool = Field(False, description="A person and an organization are one; meant, not a slip.")


class MergeDone(Receipted):
    """The merge, and the file both are now."""

    merge: int
    id: str


class MergeUndone(Receipted):
    """The two files there are now."""

    restored: str
    remaining: str


class RecordOut(Strict):
    """A source record on a file."""

    id: int
    source: str
    is_house: bool = Field(description="What staff entered; it stays with its file.")
    customer: str = Field(description="File number of the customer of the merged group on which it stands.")
    created_at: dt.datetime
    joined_why: str
    moved: int | None = Field(None, description="The move by hand that can be taken back.")


class RecordList(Strict):
    """The source records of a file."""

    items: list[RecordOut]


class MoveIn(Strict):
    """Where a record belongs; absent: to a file of its own."""

    to: Named | None = None


class MoveDone(Receipted):
    """The move, and the files on both sides."""

    move: int
    left: str
    reached: str


@routes.get("/customers/{customer}/merges", answer=MergeList, **READ)
def list_merges(request: ApiRequest, customer: str) -> dict[str, Any]:
    """What was merged into this file and out of it again."""
    told = queries.merges_of(request.viewer, root(request.viewer, customer))
    return {"items": [_merge(m) for m in told]}


@routes.write("POST", "/customers/{customer}/merges", answers={201: MergeDone}, **_WRITE)
def merge_file(request: ApiRequest, customer: str, merge: MergeIn) -> Status:
    """Let this file absorb another one. What was recorded stays where it is; it can be taken apart exactly."""
    survivor, absorbed = root(request.viewer, customer), root(request.viewer, merge.absorb)
    done = actions.merge_customers(
        absorbed_id=absorbed,
        survivor_id=survivor,
        why=merge.why,
        across_kinds=merge.across_kinds,
        by=request.viewer,
        by_machine=True,  # a program asks, and nobody looked: two confirmed by contact are left to a person
    )
    return Status(201, {"merge": done.merge_id, "id": _public(done.survivor_id)})


@routes.write("POST", "/customers/{customer}/merges/{merge}/undo", answers={200: MergeUndone}, takes=(), **_WRITE)
def undo_merge(request: ApiRequest, customer: str, merge: MergeId) -> dict[str, Any]:
    """Take a merge of this file apart, the newest or one in the middle."""
    root_id = root(request.viewer, customer)
    if merge not in {m.id for m in queries.merges_of(request.viewer, root_id)}:
        raise Problem("not_found")
    done = actions.unmerge(merge, by=request.viewer)
    return {"restored": _public(done.restored_id), "remaining": _public(done.remaining_id)}


@routes.get("/customers/{customer}/records", answer=RecordList, **READ)
def list_records(request: ApiRequest, customer: str) -> dict[str, Any]:
    """The source records of a file: which source spoke, and how each came to stand here."""
    found = queries.moves_of(request.viewer, root(request.viewer, customer))
    items = [
        {
            "id": r.id,
            "source": r.source_name,
            "is_house": r.is_house,
            "customer": r.customer_number,
            "created_at": r.created_at,
            "joined_why": r.joined_why,
            "moved": r.moved_link_id,
        }
        for r in found
    ]
    return {"items": items}


@routes.write("POST", "/customers/{customer}/records/{record}/move", answers={200: MoveDone}, **_WRITE)
def move_source_record(request: ApiRequest, customer: str, record: MergeId, move: MoveIn) -> dict[str, Any]:
    """Say that a source record belongs to somebody else; its orders go with it."""
    _own_record(request, customer, record)
    to = None if move.to is None else root(request.viewer, move.to)
    return _moved(actions.move_record(record, to, by=request.viewer))


@routes.write("POST", "/customers/{customer}/records/{record}/move/undo", answers={200: MoveDone}, takes=(), **_WRITE)
def undo_record_move(request: ApiRequest, customer: str, record: MergeId) -> dict[str, Any]:
    """Take the newest move of a source record back."""
    link_id = _own_record(request, customer, record)
    if link_id is None:
        raise Problem("state_conflict")
    return _moved(actions.undo_move(link_id, by=request.viewer))


def _own_record(request: ApiRequest, customer: str, record_id: int) -> int | None:
    """The newest move of a record of this file; the problem that there is no such record here."""
    for record in queries.moves_of(request.viewer, root(request.viewer, customer)):
        if record.id == record_id:
            return record.moved_link_id
    raise Problem("not_found")


def _moved(done: Any) -> dict[str, Any]:
    return {"move": done.link_id, "left": _public(done.from_id), "reached": _public(done.to_id)}


def _merge(m: MergeFacts) -> dict[str, Any]:
    same = {name: getattr(m, name) for name in ("id", "absorbed_name", "why", "evidence", "at", "undone_at")}
    return same | {
        "absorbed": m.absorbed_number,
        "survivor": m.survivor_number,
        "by": m.by_staff_id,
        "by_machine": m.is_by_machine,
    }


def _public(customer_id: int) -> str:
    return str(Customer.objects.values_list("public_id", flat=True).get(pk=customer_id))

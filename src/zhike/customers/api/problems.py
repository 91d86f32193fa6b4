"""What the refusals of this module are called over the API."""

from zhike.api.problems import Fault, Problem, answers, fault_words, refused
from zhike.customers.actions.editing import EditRefused
from zhike.customers.actions.labels import TagRefused
from zhike.customers.actions.market_flow import FlowRefused
from zhike.customers.actions.merging import MergeRefused
from zhike.customers.actions.moving import MoveRefused
from zhike.customers.actions.single import StatementRefused
from zhike.customers.actions.sources import SourceRefused
from zhike.customers.scope import CustomerUnknown
from zhike.secure.consents import ConsentRefused


@answers(CustomerUnknown)
def _unknown(error: CustomerUnknown) -> Problem:
    return Problem("not_found")


@answers(EditRefused)
def _edit(error: EditRefused) -> Problem:
    return refused("body.fields", error.code)


@answers(TagRefused)
def _tag(error: TagRefused) -> Problem:
    return refused("path.name", error.code)


@answers(SourceRefused)
def _source(error: SourceRefused) -> Problem:
    return refused("body.source", error.code)


@answers(MergeRefused)
def _merge(error: MergeRefused) -> Problem:
    return Problem(
        "state_conflict", faults=[Fault("body.absorb", f"merge.{error.code}", fault_words(f"merge.{error.code}"))]
    )


@answers(MoveRefused)
def _move(error: MoveRefused) -> Problem:
    return Problem("state_conflict", faults=[Fault("body.to", f"move.{error.code}", fault_words(f"move.{error.code}"))])


@answers(StatementRefused)
def _statement(error: StatementRefused) -> Problem:
    faults = [Fault(f"body.fields.{p.field}", p.code, fault_words(p.code)) for p in error.problems]
    return Problem("value_refused", faults=faults)


@answers(FlowRefused)
def _flow(error: FlowRefused) -> Problem:
    if error.code == "unknown":
        return Problem("not_found")
    where = {"quantity": "quantity", "channel": "channel", "future": "on"}.get(error.code, "")
    return refused(f"body.{where}" if where else "body", f"flow.{error.code}")


@answers(ConsentRefused)
def _consent(error: ConsentRefused) -> Problem:
    where = {"future": "at", "notice": "notice_version"}.get(error.code, error.code)
    return refused(f"body.{where}", f"consent.{error.code}")

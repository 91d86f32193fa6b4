"""What the refusals of this module are called over the API."""

from zhike.api.problems import Problem, answers, refused
from zhike.customers.actions.editing import EditRefused
from zhike.customers.actions.labels import TagRefused
from zhike.customers.actions.single import StatementRefused
from zhike.customers.actions.sources import SourceRefused
from zhike.customers.scope import CustomerUnknown
from zhike.customers.words import value_words


@answers(CustomerUnknown)
def _unknown(error: CustomerUnknown) -> Problem:
    return Problem("not_found")


@answers(EditRefused)
def _edit(error: EditRefused) -> Problem:
    return refused("body.fields", error.code, value_words(error.code))


@answers(TagRefused)
def _tag(error: TagRefused) -> Problem:
    return refused("path.name", error.code, value_words(error.code))


@answers(SourceRefused)
def _source(error: SourceRefused) -> Problem:
    return refused("body", error.code, value_words(error.code))


@answers(StatementRefused)
def _statement(error: StatementRefused) -> Problem:
    from zhike.api.problems import Fault

    faults = [Fault(f"body.fields.{p.field}", p.code, value_words(p.code)) for p in error.problems]
    return Problem("value_refused", faults=faults)

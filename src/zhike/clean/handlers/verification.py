"""What verification does when sources were recorded."""

from collections.abc import Sequence

from zhike.clean.actions import verification
from zhike.customers.events import CustomersMerged, CustomersUnmerged, RecordMoved, SourceRecorded, ValueVerified
from zhike.kit import jobs
from zhike.kit.events import durable
from zhike.secure.records import SYSTEM


@durable(SourceRecorded)
def look_for_contradictions(event: SourceRecorded) -> None:
    """New statements may disagree with what other sources say."""
    key = f"clean.contradictions:{event.run_id}"
    jobs.enqueue("clean.find_contradictions", unique_key=key, run_id=event.run_id)


@durable(ValueVerified)
def close_what_was_asked(event: ValueVerified) -> None:
    """However a value was verified (on the file, by a program), nobody has to ask again."""
    verification.settle(event.customer_id, event.field, right=event.is_settled, by=SYSTEM)


@durable(CustomersMerged)
def look_at_merged(event: CustomersMerged) -> None:
    """Files that became one may contradict themselves."""
    _look_again(event.root_ids)


@durable(CustomersUnmerged)
def look_at_taken_apart(event: CustomersUnmerged) -> None:
    """Files that were taken apart may no longer contradict themselves."""
    _look_again(event.root_ids)


@durable(RecordMoved)
def look_at_both_sides(event: RecordMoved) -> None:
    """A record that moved takes its statements along."""
    _look_again(event.root_ids)


def _look_again(root_ids: Sequence[int]) -> None:
    jobs.enqueue("clean.look_again", root_ids=sorted(set(root_ids)))

"""What verification does when sources were recorded."""

from zhike.clean.actions import verification
from zhike.customers.events import SourceRecorded, ValueVerified
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

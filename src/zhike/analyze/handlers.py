"""What analysis does when something is announced."""

from zhike.analyze.portrait_consent import PURPOSE
from zhike.customers.events import ConsentsChanged, CustomersMerged, CustomersUnmerged, RecordMoved, SegmentDefined
from zhike.customers.queries import segments
from zhike.kit import jobs
from zhike.kit.events import durable


@durable(SegmentDefined)
def count_segment(event: SegmentDefined) -> None:
    """A new or changed rule finds its members as soon as the analysis lane is free."""
    jobs.enqueue("analyze.refresh_segments", unique_key=f"segment:{event.segment_id}", segment_id=event.segment_id)


@durable(CustomersMerged)
def count_after_merge(event: CustomersMerged) -> None:
    """A file made of two answers rules differently: who belongs where is counted anew."""
    _count_all()


@durable(CustomersUnmerged)
def count_after_unmerge(event: CustomersUnmerged) -> None:
    """So do the files a merge is taken apart into."""
    _count_all()


@durable(RecordMoved)
def count_after_move(event: RecordMoved) -> None:
    """And both files a record moved between."""
    _count_all()


def _count_all() -> None:
    """Every segment, once for however many merges happen until the analysis lane is free."""
    jobs.enqueue("analyze.refresh_segments", unique_key="segments:regrouped")


@durable(ConsentsChanged)
def count_segments_of_consent(event: ConsentsChanged) -> None:
    """Segments that ask for consent are counted anew at once: who withdrew is in none of them a moment later."""
    guesses = ("portrait_group", "psychology", "preference", "lookalike_place") if PURPOSE in event.purposes else ()
    for segment_id in segments.using_consent(event.purposes, also=guesses):
        jobs.enqueue("analyze.refresh_segments", unique_key=f"segment:{segment_id}", segment_id=segment_id)

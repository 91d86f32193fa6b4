"""What analysis does when something is announced."""

from zhike.customers.events import SegmentDefined
from zhike.kit import jobs
from zhike.kit.events import durable


@durable(SegmentDefined)
def count_segment(event: SegmentDefined) -> None:
    """A new or changed rule finds its members as soon as the analysis lane is free."""
    jobs.enqueue("analyze.refresh_segments", unique_key=f"segment:{event.segment_id}", segment_id=event.segment_id)

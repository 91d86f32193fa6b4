"""Duplicates hear of what arrives and of files that come together or apart."""

from zhike.clean.actions import pair_tasks
from zhike.clean.match import keeping
from zhike.clean.models import CandidatePair
from zhike.customers.events import CustomersMerged, CustomersUnmerged, SourceRecorded
from zhike.kit import clock, jobs
from zhike.kit.events import durable


@durable(SourceRecorded)
def match_what_arrived(event: SourceRecorded) -> None:
    """New and changed customers are compared with who stands near, as soon as the analysis lane is free."""
    jobs.enqueue("clean.match_changes", unique_key=f"match-import:{event.run_id}", import_run_id=event.run_id)


@durable(CustomersMerged)
def follow_the_merged(event: CustomersMerged) -> None:
    """Pairs that wait speak of the files there are now."""
    keeping.follow_merges([*event.absorbed_ids, *event.root_ids])
    pair_tasks.settle_gone()


@durable(CustomersUnmerged)
def ask_again(event: CustomersUnmerged) -> None:
    """A pair whose merge was taken apart elsewhere waits again; the files are looked at anew."""
    CandidatePair.objects.filter(merge_id__in=event.merge_ids, state=CandidatePair.MERGED).update(
        state=CandidatePair.OPEN,
        merge_id=None,
        bulk_id=None,
        decided_at=None,
        decided_by_staff_id=None,
        updated_at=clock.now(),
    )
    keeping.follow_merges(list(event.root_ids))
    jobs.enqueue("clean.match_changes", root_ids=sorted(event.root_ids))

"""Count now: the question of whoever builds a segment, answered by a warm child of the worker within a second or so."""

from typing import Any

from django.db import transaction

from zhike.analyze import snapshot, warm_child
from zhike.analyze.models import SegmentQuestion
from zhike.customers.queries import segments as asked
from zhike.kit import clock, jobs
from zhike.secure.permissions import check
from zhike.secure.records import Viewer


def ask(node: asked.Node, *, by: Viewer, own: str = "", is_fresh: bool = False) -> int:
    """Ask how many customers in the viewer's scope a rule selects; returns the question's number.

    A newer question of the same person takes the place of one not answered yet. Raises Forbidden, RuleRefused.
    """
    check(by, "segments.edit")
    asked.check_rule(by, node)
    asked.expanded_rule(node, own=own)
    owners = by.scope_staff_ids()
    with transaction.atomic():
        row, _ = SegmentQuestion.objects.select_for_update().get_or_create(
            staff_id=by.staff_id or 0, defaults={"rule": {}, "asked_at": clock.now()}
        )
        row.number, row.rule, row.own, row.is_fresh = row.number + 1, asked.write_rule(node), own, is_fresh
        row.owner_ids, row.asked_at = None if owners is None else sorted(owners), clock.now()
        row.save()
        jobs.enqueue(
            "analyze.count_rule", unique_key=f"analyze.count_rule:{row.staff_id}", by=by, staff_id=row.staff_id
        )
    return row.number


def answer_to(viewer: Viewer, number: int) -> dict[str, Any] | None:
    """The answer to a person's question, or None while it is being counted; a newer question's answer serves too."""
    row = SegmentQuestion.objects.filter(staff_id=viewer.staff_id or 0).first()
    return row.answer if row and row.answered >= number else None


def answer(staff_id: int) -> int:
    """Answer a person's newest question, and those asked meanwhile; returns how many were answered. For the job."""
    count = 0
    while True:
        row = SegmentQuestion.objects.filter(staff_id=staff_id).first()
        if row is None or row.answered >= row.number:
            return count
        if row.is_fresh:
            snapshot.take()
        question = {"rule": row.rule, "own": row.own, "owners": row.owner_ids}
        told = warm_child.CHILD.ask(question)
        if told.get("error") == "lake_empty":
            snapshot.take()
            told = warm_child.CHILD.ask(question)
        SegmentQuestion.objects.filter(staff_id=staff_id).update(answered=row.number, answer=told)
        count += 1

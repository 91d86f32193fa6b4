"""Verbs of the rules of the file: change them, mark key customers by their segment, offer reviews, close one."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from zhike.clean.models import FileRule
from zhike.customers import actions as customers
from zhike.customers.queries import charge, segments
from zhike.kit import clock
from zhike.kit.installation import installation
from zhike.secure import actions as secure
from zhike.secure.permissions import check
from zhike.secure.records import SYSTEM, Viewer
from zhike.work.actions import close_task, offer_tasks
from zhike.work.records import TaskOffer

MOST_REVIEWS = 200  # open at a time
REVIEW_WITHIN_DAYS = 14
LONGEST_DAYS = 3650
KEY_DAYS, OTHER_DAYS = 90, 0  # as shipped: key customers every quarter, others not at all


class FileRuleRefused(ValueError):
    """A rule cannot stand; `code` is `days` or `segment`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class FileRules:
    """Review periods in days (0: none) and the segment of key customers (public id or nothing)."""

    key_days: int = KEY_DAYS
    other_days: int = OTHER_DAYS
    key_segment: str = ""


def file_rules() -> FileRules:
    """The rules in force."""
    row = FileRule.objects.filter(id=1).first()
    return FileRules(row.key_days, row.other_days, row.key_segment) if row else FileRules()


def change_file_rules(rules: FileRules, *, by: Viewer) -> None:
    """Change the rules. Raises Forbidden, FileRuleRefused."""
    check(by, "charge.manage")
    if not all(0 <= days <= LONGEST_DAYS for days in (rules.key_days, rules.other_days)):
        raise FileRuleRefused("days")
    if rules.key_segment and segments.segment(by, rules.key_segment) is None:
        raise FileRuleRefused("segment")
    values = {"key_days": rules.key_days, "other_days": rules.other_days, "key_segment": rules.key_segment}
    with transaction.atomic():
        FileRule.objects.update_or_create(
            id=1, defaults={**values, "by_staff_id": by.staff_id, "changed_at": clock.now()}
        )
        secure.record_audit("charge.rules_changed", by=by, detail=values)


def mark_key_customers() -> int:
    """Bring the mark of key customers in line with their segment; what was decided by hand stays. Returns marks changed."""
    wanted: set[int] = set()
    chosen = file_rules().key_segment
    if chosen and segments.segment(SYSTEM, chosen) is not None:
        wanted = {i for chunk in segments.members(SYSTEM, chosen) for i in chunk}
    present = set(charge.key_by_rule())
    changed = customers.set_key(sorted(present - wanted), False, by=SYSTEM) if present - wanted else 0
    return changed + (customers.set_key(sorted(wanted), True, by=SYSTEM, why="rule") if wanted else 0)


def offer_reviews() -> int:
    """Make the files due for a review tasks, key customers first, the longest wait first; how many are open now."""
    rules, today = file_rules(), clock.today(installation().time_zone)
    offers: list[TaskOffer] = []
    for is_key, days in ((True, rules.key_days), (False, rules.other_days)):
        room = MOST_REVIEWS - len(offers)
        if not days or room <= 0:
            continue
        before = clock.now() - dt.timedelta(days=days)
        for customer_id, owner, since in charge.due_for_review(key=is_key, before=before, limit=room):
            waited = (today - since.date()).days
            offers.append(
                TaskOffer(
                    customer_id, len(offers) + 1, "key_review" if is_key else "review", {"days": waited, "every": days},
                    owner_staff_id=owner, queue="archive", due_on=today + dt.timedelta(days=REVIEW_WITHIN_DAYS),
                )
            )  # fmt: skip
    tally = offer_tasks("file_review", offers, run_id=0, limit=MOST_REVIEWS)
    return tally.new + tally.kept


def close_review(task_id: int, outcome: str, note: str = "", *, by: Viewer) -> None:
    """Close a review with what came of it, and note it on the file. Raises TaskRefused, Forbidden, CustomerUnknown."""
    with transaction.atomic():
        closed = close_task(task_id, outcome, note, by=by)
        if outcome in customers.REVIEW_OUTCOMES:
            customers.note_review(closed.about_id, outcome, by=by)
        detail = {"kind": closed.kind, "outcome": outcome}
        secure.record_audit("work.closed", by=by, about=("task", closed.id), detail=detail)

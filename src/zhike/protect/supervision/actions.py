"""Draw looks by chance, ask the person who looked, note what came of it."""

import datetime as dt
from dataclasses import asdict

from django.db import transaction

from zhike.kit import chance, clock, ids, jobs
from zhike.kit.installation import installation
from zhike.protect.models import DisclosureReview, SupervisionRule
from zhike.protect.supervision.rules import OUTCOMES, Rules, is_sound, rules, wanted
from zhike.secure import actions as secure
from zhike.secure import cutting
from zhike.secure import queries as seen
from zhike.secure.permissions import check
from zhike.secure.records import Viewer
from zhike.work import actions as work

REVIEW, QUESTION, ABOUT, QUEUE = "disclosure_review", "disclosure_question", "disclosure", "security"
_FIRST_DAYS = 30  # how far the first draw looks back
_DUE_DAYS, _ANSWER_DAYS = 7, 3
_MOST_WORDS = 1000


class ReviewRefused(ValueError):
    """A review cannot be noted or a rule not stand; `code`: gone, noted, own, outcome, words, too_long or numbers."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def set_rules(given: Rules, *, by: Viewer) -> None:
    """Change the rules; they hold from the next draw on. Raises ReviewRefused `numbers`, Forbidden."""
    check(by, "supervision.rules")
    if not is_sound(given):
        raise ReviewRefused("numbers")
    values = asdict(given)
    with transaction.atomic():
        SupervisionRule.objects.update_or_create(
            id=1, defaults={**values, "by_staff_id": by.staff_id, "changed_at": clock.now()}
        )
        secure.record_audit("supervision.rules_set", by=by, detail=values)


def request_draw(*, by: Viewer) -> int:
    """Draw now, however long ago it was drawn last; a job does it. Returns the job's id. Raises Forbidden."""
    check(by, "supervision.rules")
    with transaction.atomic():
        secure.record_audit("supervision.draw_asked", by=by)
        return jobs.enqueue("protect.draw_disclosures", unique_key="protect.draw_disclosures", by=by, now=True)


def draw(until: dt.datetime, *, now: bool = False) -> int:
    """Draw from everybody's looks since the last draw, and open a task for each drawn; how many were drawn.

    By night only when the period is over. A killed run starts again: what was drawn already is not drawn twice.
    """
    own = rules()
    row = SupervisionRule.objects.filter(pk=1).first()
    last = row.drawn_until if row else None
    if not now and (not own.is_on or (last and until - last < dt.timedelta(days=own.period_days))):
        return 0
    found = seen.disclosures_between(last or until - dt.timedelta(days=_FIRST_DAYS), until)
    chosen = [
        e for staff_id, events in found.items() for e in chance.sample(events, wanted(len(events), staff_id, own))
    ]
    with transaction.atomic():
        held = set(DisclosureReview.objects.filter(event_id__in=chosen).values_list("event_id", flat=True))
        fresh = [look for event_id, look in sorted(seen.disclosures(chosen).items()) if event_id not in held]
        for look, review_id in zip(fresh, ids.take("disclosure_review", len(fresh)), strict=True):
            _open(look, review_id)
        SupervisionRule.objects.update_or_create(
            id=1, defaults={"drawn_until": until}, create_defaults={"drawn_until": until, "changed_at": until}
        )
    return len(fresh)


def _open(look: seen.Disclosure, review_id: int) -> None:
    row = DisclosureReview.objects.create(
        id=review_id, public_id=chance.public_id(), event_id=look.event_id, staff_id=look.staff_id,
        object_kind=look.object_kind, object_id=look.object_id, looked_at=look.at, drawn_at=clock.now(),
    )  # fmt: skip
    _task(REVIEW, row, queue=QUEUE, days=_DUE_DAYS)


def _task(kind: str, row: DisclosureReview, *, days: int, queue: str = "", owner: int | None = None) -> None:
    work.open_task(
        kind, about_kind=ABOUT, about_id=row.id, about_part=row.public_id, why_code="drawn", queue=queue, owner_staff_id=owner,
        due_on=clock.today(installation().time_zone) + dt.timedelta(days=days), fact_at=clock.now(),
    )  # fmt: skip


def ask(public_id: str, question: str, *, by: Viewer) -> None:
    """Ask the person who looked what it was for; they find the question among their tasks. Raises ReviewRefused, Forbidden."""
    words = _words(question)
    with transaction.atomic():
        row = _judgeable(public_id, by)
        row.question, row.asked_at, row.answer, row.answered_at = words, clock.now(), "", None
        row.save()
        work.settle_tasks(QUESTION, ABOUT, [row.id], by=by)
        _task(QUESTION, row, owner=row.staff_id, days=_ANSWER_DAYS)
        secure.record_audit("supervision.asked", by=by, about=("staff", row.staff_id), detail={"review": public_id})


def answer(public_id: str, words: str, *, by: Viewer) -> None:
    """The person who looked says what it was for. Raises ReviewRefused (`gone` for everybody else)."""
    said = _words(words)
    with transaction.atomic():
        row = (
            DisclosureReview.objects.select_for_update().filter(public_id=public_id, staff_id=by.staff_id or 0).first()
        )
        if row is None or row.asked_at is None:
            raise ReviewRefused("gone")
        if row.outcome:
            raise ReviewRefused("noted")
        row.answer, row.answered_at = said, clock.now()
        row.save()
        work.settle_tasks(QUESTION, ABOUT, [row.id], by=by)
        secure.record_audit("supervision.answered", by=by, detail={"review": public_id})


def note(public_id: str, outcome: str, *, by: Viewer, words: str = "") -> None:
    """Note whether there was a reason; anything but `founded` needs words. Raises ReviewRefused, Forbidden."""
    if outcome not in OUTCOMES:
        raise ReviewRefused("outcome")
    said = _words(words) if words.strip() or outcome != OUTCOMES[0] else ""
    with transaction.atomic():
        row = _judgeable(public_id, by)
        row.outcome, row.note, row.by_staff_id, row.noted_at = outcome, said, by.staff_id, clock.now()
        row.save()
        for kind in (REVIEW, QUESTION):
            work.settle_tasks(kind, ABOUT, [row.id], by=by, outcome=outcome)
        detail = {"review": public_id, "outcome": outcome}
        secure.record_audit("supervision.noted", by=by, about=("staff", row.staff_id), detail=detail)


def forget_words_about(customer_id: int) -> None:
    """Empty what was written in reviews of looks at an erased customer; the looks themselves stay in the audit."""
    about = DisclosureReview.objects.filter(object_kind="customer", object_id=str(customer_id))
    about.update(question="", answer="", note="")


def may_judge(row: DisclosureReview, by: Viewer) -> bool:
    """Whether somebody may judge a look: not their own, and within their scope of people."""
    people = by.scope_staff_ids()
    return by.can("supervision.review") and by.staff_id != row.staff_id and (people is None or row.staff_id in people)


def _judgeable(public_id: str, by: Viewer) -> DisclosureReview:
    check(by, "supervision.review")
    row = DisclosureReview.objects.select_for_update().filter(public_id=public_id).first()
    if row is not None and by.staff_id is not None and by.staff_id == row.staff_id:
        raise ReviewRefused("own")
    if row is None or not may_judge(row, by):
        raise ReviewRefused("gone")
    if row.outcome:
        raise ReviewRefused("noted")
    return row


def _words(given: str) -> str:
    if not given.strip():
        raise ReviewRefused("words")
    if len(given) > _MOST_WORDS:
        raise ReviewRefused("too_long")
    return cutting.cut(given.strip())[0]

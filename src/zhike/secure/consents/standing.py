"""What holds now: asked of the answers themselves each time, never of anything kept from an earlier question."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from zhike.kit import clock
from zhike.secure.consents.notices import asked_anew_since
from zhike.secure.consents.purposes import Purpose, purposes
from zhike.secure.consents.purposes import purpose as purpose_of
from zhike.secure.consents.records import Answer, Standing
from zhike.secure.consents.rules import most_restrictive, own_state
from zhike.secure.consents.states import STANDS_FROM
from zhike.secure.models import Consent


def standing(kind: str, subject_ids: Sequence[int], purpose: str, *, now: dt.datetime | None = None) -> Standing:
    """What holds for a group of subjects and one purpose; an unknown or archived purpose is never allowed."""
    known = purpose_of(purpose)
    if known is None or known.is_archived:
        return Standing(purpose, "unknown", False, None, ())
    newest = _newest(kind, subject_ids, Q(purpose=purpose)).get(purpose, {})
    return _standing(known, newest, asked_anew_since([purpose]).get(purpose, 0), now or clock.now())


def standings(kind: str, subject_ids: Sequence[int], *, now: dt.datetime | None = None) -> dict[str, Standing]:
    """What holds for a group of subjects and every purpose in use, in the order of the purposes."""
    newest, anew, at = _newest(kind, subject_ids, Q()), asked_anew_since(), now or clock.now()
    return {p.code: _standing(p, newest.get(p.code, {}), anew.get(p.code, 0), at) for p in purposes()}


def history(kind: str, subject_ids: Sequence[int], purpose: str = "", *, limit: int = 100) -> list[Answer]:
    """The answers of a group, the newest first."""
    mine = Consent.objects.filter(subject_kind=kind, subject_id__in=list(subject_ids))
    rows = mine.annotate(stands=STANDS_FROM).order_by("-stands", "-id")
    if purpose:
        rows = rows.filter(purpose=purpose)
    return [answer_of(row) for row in rows.select_related("notice", "consenttakenback")[:limit]]


def _standing(purpose: Purpose, newest: dict[int, Answer], anew: int, now: dt.datetime) -> Standing:
    state, subject = most_restrictive(newest, now=now, asked_anew_since=anew)
    allowed = state == "given" if purpose.needs_consent else state != "withdrawn"
    restricting = tuple(sorted(s for s, a in newest.items() if own_state(a, now=now) == "withdrawn"))
    return Standing(purpose.code, state, allowed, newest[subject] if subject is not None else None, restricting)


def _newest(kind: str, subject_ids: Iterable[int], only: Q) -> dict[str, dict[int, Answer]]:
    """{purpose: {subject: newest answer}}."""
    mine = Consent.objects.filter(only, subject_kind=kind, subject_id__in=list(subject_ids), consenttakenback=None)
    order = [STANDS_FROM.desc(), F("id").desc()]
    place = Window(RowNumber(), partition_by=[F("subject_id"), F("purpose")], order_by=order)
    found: dict[str, dict[int, Answer]] = {}
    for row in mine.annotate(place=place).filter(place=1).select_related("notice"):
        found.setdefault(row.purpose, {})[row.subject_id] = answer_of(row)
    return found


def answer_of(row: Consent) -> Answer:
    """A stored answer as it crosses the door. Whether it was taken back is told where that was read with it."""
    is_read = "consenttakenback" in row._state.fields_cache
    return Answer(
        id=row.id, subject_id=row.subject_id, purpose=row.purpose, answer=row.answer, way=row.way, at=row.at, until=row.until,
        recorded_at=row.recorded_at, by_staff_id=row.by_staff_id, notice_id=row.notice_id,
        notice_version=row.notice.version if row.notice else None, language=row.language,
        has_evidence=row.evidence is not None, proof_kind=row.proof_kind, proof_id=row.proof_id,
        is_taken_back=is_read and getattr(row, "consenttakenback", None) is not None,
    )  # fmt: skip

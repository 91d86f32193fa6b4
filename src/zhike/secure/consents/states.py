"""The newest answer of each subject, for counts and lists: kept beside the answers, brought in line with them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from zhike.kit import bulk, clock
from zhike.secure.consents.notices import asked_anew_since
from zhike.secure.models import Consent, ConsentState

_COLUMNS = ("subject_kind", "subject_id", "purpose", "answer", "way", "at", "consent_id")
_BATCH = 500


def bring_state(row: Consent) -> None:
    """The state follows when this answer is the newest; an older one that comes late changes nothing."""
    key = {"subject_kind": row.subject_kind, "subject_id": row.subject_id, "purpose": row.purpose}
    standing = ConsentState.objects.select_for_update().filter(**key).first()
    if standing is None:
        values = (*key.values(), row.answer, row.way, row.at, row.id)
        if bulk.insert_many("secure_consentstate", _COLUMNS, [values], on_conflict="ignore"):
            return
        standing = ConsentState.objects.select_for_update().get(**key)  # somebody else was faster
    if (standing.at, standing.consent_id) < (row.at, row.id):
        ConsentState.objects.filter(**key).update(answer=row.answer, way=row.way, at=row.at, consent_id=row.id)


def subjects_in(kind: str, purpose: str, *answers: str) -> QuerySet[ConsentState, Any]:
    """The ids of subjects whose newest answer to a purpose is one of these (none: any answer), as a query to nest."""
    states = ConsentState.objects.filter(subject_kind=kind, purpose=purpose)
    return (states.filter(answer__in=answers) if answers else states).values("subject_id")


def lapse(kind: str, *, now: dt.datetime | None = None) -> Iterator[tuple[list[int], str]]:
    """Note which consents have lapsed since: (subjects, purpose), each batch inside its own transaction while it is yielded.

    Their time is over, or their notice was replaced by one that asks anew. What may be done never waits for this: it is
    asked of the answers themselves.
    """
    at = now or clock.now()
    over = Consent.objects.filter(answer="given", until__lte=at).values("id")
    yield from _lapse(kind, Q(consent_id__in=over))
    for purpose, version in asked_anew_since().items():
        newer = Consent.objects.filter(purpose=purpose, notice__version__gte=version).values("id")
        yield from _lapse(kind, Q(purpose=purpose) & ~Q(consent_id__in=newer))


def _lapse(kind: str, which: Q) -> Iterator[tuple[list[int], str]]:
    while True:
        with transaction.atomic():
            behind = ConsentState.objects.filter(which, subject_kind=kind, answer="given")
            rows = list(behind.order_by("purpose", "subject_id").values_list("subject_id", "purpose")[:_BATCH])
            if not rows:
                return
            purpose = rows[0][1]
            subjects = [subject for subject, of in rows if of == purpose]
            mine = ConsentState.objects.filter(subject_kind=kind, purpose=purpose, subject_id__in=subjects)
            mine.filter(answer="given").update(answer="lapsed")
            yield subjects, purpose

"""The newest answer of each subject, for counts and lists: kept beside the answers, brought in line with them."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Greatest

from zhike.kit import bulk, clock
from zhike.secure.consents.notices import asked_anew_since
from zhike.secure.consents.rules import stands_from
from zhike.secure.models import Consent, ConsentState

_COLUMNS = (
    "subject_kind",
    "subject_id",
    "purpose",
    "answer",
    "way",
    "at",
    "consent_id",
    "until",
    "notice_version",
)
_BATCH = 500
# `rules.stands_from`, in the database.
STANDS_FROM = Case(When(Q(answer="withdrawn") & ~Q(way="import"), then=Greatest("at", "recorded_at")), default=F("at"))


def bring_state(row: Consent) -> None:
    """The state follows when this answer is the newest; an older one that comes late changes nothing."""
    key = {"subject_kind": row.subject_kind, "subject_id": row.subject_id, "purpose": row.purpose}
    own = {
        "answer": row.answer, "way": row.way, "at": stands_from(row.answer, row.way, row.at, row.recorded_at),
        "consent_id": row.id, "until": row.until, "notice_version": row.notice.version if row.notice else 0,
    }  # fmt: skip
    standing = ConsentState.objects.select_for_update().filter(**key).first()
    if standing is None:
        values = (*key.values(), *own.values())
        if bulk.insert_many("secure_consentstate", _COLUMNS, [values], on_conflict="ignore"):
            return
        standing = ConsentState.objects.select_for_update().get(**key)  # somebody else was faster
    if (standing.at, standing.consent_id) < (own["at"], row.id):
        ConsentState.objects.filter(**key).update(**own)


def over(now: dt.datetime, purpose: str | None = None) -> Q:
    """Which consents among the states have lapsed: their time is over, or their notice was replaced by one that asks anew."""
    which = Q(until__lte=now)
    for code, version in asked_anew_since(None if purpose is None else [purpose]).items():
        which |= Q(purpose=code, notice_version__lt=version)
    return Q(answer="given") & which


def subjects_in(kind: str, purpose: str, *answers: str) -> QuerySet[ConsentState, Any]:
    """The ids of subjects whose newest answer to a purpose is one of these (none: any answer), as a query to nest.

    What lapsed a moment ago counts as lapsed, noted or not.
    """
    states = ConsentState.objects.filter(subject_kind=kind, purpose=purpose)
    if answers:
        lapsed = over(clock.now(), purpose)
        noted = Q(answer__in=answers) & ~lapsed
        states = states.filter(noted | lapsed if "lapsed" in answers else noted)
    return states.values("subject_id")


def is_lapse_due() -> bool:
    """Whether a consent given for a time has lapsed that is not noted yet."""
    return ConsentState.objects.filter(answer="given", until__lte=clock.now()).exists()


def lapse(kind: str, *, now: dt.datetime | None = None) -> Iterator[tuple[list[int], str]]:
    """Note which consents have lapsed since: (subjects, purpose), each batch inside its own transaction while it is yielded.

    Their time is over, or their notice was replaced by one that asks anew. What may be done never waits for this: it is
    asked of the answers themselves.
    """
    while True:
        with transaction.atomic():
            behind = ConsentState.objects.filter(over(now or clock.now()), subject_kind=kind)
            rows = list(behind.order_by("purpose", "subject_id").values_list("subject_id", "purpose")[:_BATCH])
            if not rows:
                return
            purpose = rows[0][1]
            subjects = [subject for subject, of in rows if of == purpose]
            mine = ConsentState.objects.filter(subject_kind=kind, purpose=purpose, subject_id__in=subjects)
            mine.filter(answer="given").update(answer="lapsed")
            yield subjects, purpose

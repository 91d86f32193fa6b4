"""Answers that go: those of people who never were, and those nobody needs as proof any more."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhike.kit import clock
from zhike.secure import auditing
from zhike.secure.consents.states import STANDS_FROM
from zhike.secure.models import Consent, ConsentState, ConsentTakenBack, Tombstone
from zhike.secure.records import SYSTEM

# Records of what was done with personal data are kept for at least three years (Personal Information Protection Law, art. 56).
KEEP_DAYS = 3 * 366
_BATCH = 500


def forget(kind: str, subject_ids: Iterable[int]) -> None:
    """Delete every answer of subjects who never were anybody (a demo shop). Call inside a transaction."""
    ids = list(subject_ids)
    for start in range(0, len(ids), _BATCH):
        mine = {"subject_kind": kind, "subject_id__in": ids[start : start + _BATCH]}
        ConsentState.objects.filter(**mine).delete()
        _delete(Consent.objects.filter(**mine))


def sweep(*, now: dt.datetime | None = None) -> int:
    """Delete answers whose time as proof is over; how many. In short transactions, safe to repeat.

    An answer is proof as long as it holds, and KEEP_DAYS after another took its place, after it was taken back with its
    import, or after the person was erased.
    """
    before = (now or clock.now()) - dt.timedelta(days=KEEP_DAYS)
    gone = 0
    for which in (_replaced(before), Q(consenttakenback__at__lt=before), *_erased(before)):
        while ids := list(
            Consent.objects.annotate(stands=STANDS_FROM)
            .filter(which)
            .order_by("id")
            .values_list("id", flat=True)[:_BATCH]
        ):
            with transaction.atomic():
                ConsentState.objects.filter(consent_id__in=ids).delete()
                _delete(Consent.objects.filter(id__in=ids))
                auditing.write("consent.swept", by=SYSTEM, detail={"answers": len(ids)})
            gone += len(ids)
    return gone


def _replaced(before: dt.datetime) -> Q:
    same = {name: OuterRef(name) for name in ("subject_kind", "subject_id", "purpose")}
    later = Q(stands__gt=OuterRef("stands")) | Q(stands=OuterRef("stands"), id__gt=OuterRef("id"))
    others = Consent.objects.annotate(stands=STANDS_FROM)
    newer = others.filter(later, **same, recorded_at__lt=before, consenttakenback=None)
    return Q(recorded_at__lt=before) & Q(Exists(newer))


def _erased(before: dt.datetime) -> list[Q]:
    """The tombstones lie in the keyring, so people erased long ago are named by their ids."""
    told = Tombstone.objects.filter(at__lt=before).order_by("subject_id").values_list("kind", "subject_id")
    by_kind: dict[str, list[int]] = {}
    for kind, subject_id in told:
        by_kind.setdefault(kind, []).append(subject_id)
    return [
        Q(subject_kind=kind, subject_id__in=ids[start : start + _BATCH])
        for kind, ids in by_kind.items()
        for start in range(0, len(ids), _BATCH)
    ]


def _delete(rows: QuerySet[Consent]) -> None:
    ConsentTakenBack.objects.filter(consent_id__in=rows.values("id")).delete()
    rows.delete()

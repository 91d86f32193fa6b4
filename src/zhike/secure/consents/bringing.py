"""Answers that a file brings in, many at once, and how they are taken back with it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhike.kit import bulk, clock, ids, rows
from zhike.secure import auditing
from zhike.secure.consents.notices import asked_anew_since
from zhike.secure.consents.recording import mac_of
from zhike.secure.consents.states import STANDS_FROM, bring_state
from zhike.secure.models import Consent, ConsentState, ConsentTakenBack
from zhike.secure.records import Viewer

WAY = "import"


@dataclass(frozen=True, slots=True)
class Brought:
    """One answer out of a file; `id` was handed out by `take_ids`."""

    id: int
    subject_id: int
    purpose: str
    answer: str  # given, withdrawn
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest answer of a subject to a purpose: given, withdrawn or lapsed; `at` is the moment from which it counts."""

    answer: str
    at: dt.datetime
    way: str
    consent_id: int


def take_ids(count: int) -> list[int]:
    """Ids for answers that are to be brought in."""
    return list(ids.take("consent", count)) if count else []


def newest_answers(kind: str, subject_ids: Iterable[int], purposes: Iterable[str]) -> dict[tuple[int, str], Newest]:
    """{(subject, purpose): newest answer} of many."""
    sql = (
        "SELECT subject_id, purpose, answer, at, way, consent_id, until, notice_version FROM secure_consentstate "
        "WHERE subject_kind = %s AND subject_id IN {values}"
    )
    wanted, anew, now = set(purposes), asked_anew_since(), clock.now()
    told = {}
    for subject, purpose, answer, at, way, consent_id, until, version in bulk.fetch_in(
        sql, sorted(set(subject_ids)), params=[kind]
    ):
        if purpose in wanted:
            is_over = (until is not None and rows.moment(until) <= now) or version < anew.get(purpose, 0)
            state = "lapsed" if answer == "given" and is_over else answer
            told[subject, purpose] = Newest(state, rows.moment(at), way, consent_id)
    return told


def bring(kind: str, brought: Sequence[Brought], *, proof: tuple[str, int], by: Viewer) -> None:
    """Keep answers of a file, whose proof is the file itself. Call inside a transaction; purposes are known ones."""
    if not brought:
        return
    made = [
        Consent(
            id=one.id, subject_kind=kind, subject_id=one.subject_id, purpose=one.purpose, answer=one.answer, way=WAY,
            at=one.at, proof_kind=proof[0], proof_id=proof[1], by_staff_id=by.staff_id, recorded_at=clock.now(),
        )
        for one in brought
    ]  # fmt: skip
    for row in made:
        row.mac = mac_of(row, "")
    Consent.objects.bulk_create(made, batch_size=500)
    for row in made:
        bring_state(row)
    detail = {answer: sum(one.answer == answer for one in brought) for answer in ("given", "withdrawn")}
    auditing.write("consent.brought", by=by, about=proof, detail=detail)


def take_back(consent_ids: Iterable[int], *, proof: tuple[str, int], by: Viewer) -> list[tuple[int, str]]:
    """Let brought answers count no longer; what was answered beside them holds again. (subject, purpose) of those changed.

    Call inside a transaction.
    """
    found = list(Consent.objects.filter(id__in=list(consent_ids), way=WAY, consenttakenback=None))
    if not found:
        return []
    at = clock.now()
    ConsentTakenBack.objects.bulk_create(
        [ConsentTakenBack(consent_id=row.id, at=at, by_staff_id=by.staff_id) for row in found], batch_size=500
    )
    for kind, subject_id, purpose in {(row.subject_kind, row.subject_id, row.purpose) for row in found}:
        mine = {"subject_kind": kind, "subject_id": subject_id, "purpose": purpose}
        ConsentState.objects.filter(**mine).delete()
        left = Consent.objects.filter(**mine, consenttakenback=None).select_related("notice")
        newest = left.annotate(stands=STANDS_FROM).order_by("-stands", "-id").first()
        if newest is not None:
            bring_state(newest)
    auditing.write("consent.taken_back", by=by, about=proof, detail={"answers": len(found)})
    return [(row.subject_id, row.purpose) for row in found]

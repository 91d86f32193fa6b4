"""Keeping an answer: appended, sealed evidence beside it, authenticated, audited; in force with the commit."""

import datetime as dt
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from zhike.kit import clock, ids
from zhike.secure import actions, auditing, vault
from zhike.secure.consents.notices import LANGUAGES
from zhike.secure.consents.purposes import purpose as purpose_of
from zhike.secure.consents.states import bring_state
from zhike.secure.consents.words import ANSWERS, WAYS
from zhike.secure.models import Consent, Notice
from zhike.secure.opened import Opened
from zhike.secure.records import SealedRef, Viewer
from zhike.secure.vault import roots

EVIDENCE_COLUMN = "secure_consent.evidence"
LONGEST_EVIDENCE = 2000
_AHEAD = dt.timedelta(minutes=5)


class ConsentRefused(ValueError):
    """An answer cannot be kept so; `code`: purpose, answer, way, future, notice, evidence, until, evidence_gone, nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody answered. `notice_id` and `language` name the words they were shown.

    `evidence` is what proves it, in words (sealed); `proof` points at where the paper lies, as (kind, id).
    """

    purpose: str
    answer: str
    way: str
    at: dt.datetime
    until: dt.datetime | None = None
    notice_id: int | None = None
    language: str = ""
    evidence: str = ""
    proof: tuple[str, int] | None = None


def record(subjects: Iterable[tuple[str, int, int | None]], said: Said, *, by: Viewer) -> list[int]:
    """Keep an answer for each of the subjects (kind, id, source record whose key seals the evidence); their ids.

    No permission is asked here: the module whose subjects they are has asked. Raises ConsentRefused.
    """
    shown = _checked(said)
    kept = list(subjects)
    keys = vault.ensure_keys({r for _, _, r in kept if r is not None}) if said.evidence else {}
    made = []
    with transaction.atomic():
        for kind, subject_id, record_id in kept:
            row = _row(kind, subject_id, record_id if said.evidence else None, said, shown, keys, by)
            row.mac = mac_of(row, shown.digest if shown else "")
            row.save(force_insert=True)
            bring_state(row)
            detail = {"consent": row.id, "way": row.way} | ({"notice": shown.version} if shown else {})
            auditing.write(
                f"consent.{said.answer}", by=by, about=(kind, subject_id), purpose=said.purpose, detail=detail
            )
            made.append(row.id)
    return made


def reveal_evidence(consent_id: int, *, by: Viewer, purpose: str, reason: str = "") -> Opened:
    """Open what proves an answer: permission → quota → audit committed → value. Not inside a transaction.

    Raises ConsentRefused `evidence_gone` where there is none, and whatever `open_sealed` raises.
    """
    row = Consent.objects.filter(pk=consent_id).first()
    if row is None or row.evidence is None or row.record_id is None:
        raise ConsentRefused("evidence_gone")
    ref = SealedRef(EVIDENCE_COLUMN, row.id, row.record_id, bytes(row.evidence))
    about = (row.subject_kind, row.subject_id)
    return actions.open_sealed(by, ref, "consent_evidence", about=about, purpose=purpose, reason=reason)


def mac_of(row: Consent, notice_digest: str) -> str:
    """HMAC-SHA256 over everything a consent says, under the audit key: proof that the row is as it was written."""
    names = ("id", "subject_kind", "subject_id", "purpose", "answer", "language", "way", "record_id", "proof_kind", "proof_id", "by_staff_id")  # fmt: skip
    said: dict[str, Any] = {name: getattr(row, name) for name in names}
    said |= {n: m and int(m.timestamp() * 1_000_000) for n in ("at", "until", "recorded_at") for m in [getattr(row, n)]}
    said |= {"notice": notice_digest, "evidence": row.evidence_digest}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(roots.audit_key(), b"consent|" + text.encode(), "sha256").hexdigest()


def altered(limit: int = 2000) -> list[int]:
    """Of the newest answers those that no longer read as they were written."""
    rows = Consent.objects.select_related("notice").order_by("-id")[:limit]
    return [
        row.id for row in rows if not hmac.compare_digest(row.mac, mac_of(row, row.notice.digest if row.notice else ""))
    ]


def _checked(said: Said) -> Notice | None:
    """The notice that was shown. A consent given names one, unless it was brought in from elsewhere."""
    known = purpose_of(said.purpose)
    if known is None or (known.is_archived and said.answer == "given"):
        raise ConsentRefused("purpose")
    if said.answer not in ANSWERS:
        raise ConsentRefused("answer")
    if said.way not in WAYS:
        raise ConsentRefused("way")
    if said.at > clock.now() + _AHEAD:
        raise ConsentRefused("future")
    if said.until is not None and (said.answer != "given" or said.until <= said.at):
        raise ConsentRefused("until")
    if len(said.evidence) > LONGEST_EVIDENCE:
        raise ConsentRefused("evidence")
    if said.notice_id is None:
        if said.answer == "given" and said.way != "import":
            raise ConsentRefused("notice")
        return None
    shown = Notice.objects.filter(pk=said.notice_id, purpose=said.purpose).first()
    if shown is None or (said.language and said.language not in shown.texts):
        raise ConsentRefused("notice")
    return shown


def _row(
    kind: str,
    subject_id: int,
    record_id: int | None,
    said: Said,
    shown: Notice | None,
    keys: dict[int, Any],
    by: Viewer,
) -> Consent:
    consent_id = ids.take("consent")[0]
    sealed = None
    if record_id is not None:
        context = vault.SealContext(EVIDENCE_COLUMN, consent_id, record_id)
        sealed = vault.seal(keys[record_id], context, {"consent_evidence": said.evidence})
    language = said.language or (LANGUAGES[0] if shown and LANGUAGES[0] in shown.texts else "")
    return Consent(
        id=consent_id, subject_kind=kind, subject_id=subject_id, purpose=said.purpose, answer=said.answer, notice=shown,
        language=language if shown else "", way=said.way, at=said.at, until=said.until, record_id=record_id,
        evidence=sealed, evidence_digest=vault.lookup("consent.evidence", said.evidence).hex() if sealed else "",
        proof_kind=said.proof[0] if said.proof else "", proof_id=said.proof[1] if said.proof else None,
        by_staff_id=by.staff_id, recorded_at=clock.now(),
    )  # fmt: skip

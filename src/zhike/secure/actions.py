"""Acts on rights and values: opening sealed values, and writing the audit."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhike.kit import clock
from zhike.secure import auditing, opening, queries, sealing_audit, tallies
from zhike.secure.access_notes import note_access as note_access
from zhike.secure.confirming import confirm_person as confirm_person
from zhike.secure.machine_secrets import open_secret as open_secret
from zhike.secure.machine_secrets import seal_secret as seal_secret
from zhike.secure.models import AuditEvent, Staff
from zhike.secure.opened import Opened
from zhike.secure.permissions import Forbidden, check
from zhike.secure.purposes import MACHINE_PURPOSES, PURPOSES
from zhike.secure.records import Ref, SealedRef, Viewer
from zhike.secure.vault.errors import VaultError

LOOKUPS_PER_HOUR = 20
PRACTICE_DOMAIN = "demo.example.com"  # marks the accounts of the demo shop; mail cannot reach it
_HOUR = dt.timedelta(hours=1)


class QuotaExceeded(Forbidden):
    """The viewer has revealed as much as their roles allow for this hour; `retry_at` says when one is free again."""

    def __init__(self, limit: int, retry_at: dt.datetime) -> None:
        super().__init__("reveal.quota")
        self.limit = limit
        self.retry_at = retry_at


class ReasonMissing(ValueError):
    """A reveal needs one of the known purposes, and words where the purpose is `other`."""


def record_audit(
    action: str,
    *,
    by: Viewer,
    about: Ref | None = None,
    field: str | None = None,
    purpose: str | None = None,
    outcome: str = "ok",
    detail: dict[str, Any] | None = None,
) -> int:
    """Append an audit event in the caller's transaction and return its id. `detail`: ids, counts and codes, no values."""
    event = auditing.write(action, by=by, about=about, field=field, purpose=purpose, outcome=outcome, detail=detail)
    return event.pk


def open_sealed(
    by: Viewer, ref: SealedRef, field: str, *, about: Ref, purpose: str, reason: str = "", part: str = ""
) -> Opened:
    """Open one value for a person: permission, then quota, then the audit committed, then the value.

    `part` names the entry of the seal where it is not the field's own name (what was cut out of a note); the field's right holds.

    Must not be called inside a transaction (the audit row could be rolled back after the value was seen). Raises
    Forbidden, QuotaExceeded, ReasonMissing, or the vault's refusal.
    """
    _claim_reveal(by, field, about=about, purpose=purpose, reason=reason.strip(), part=part)
    try:
        value = opening.payload(ref).get(part or field)
    except VaultError as problem:
        opening.alarm(problem, ref, field, by=by)
        raise
    return Opened(field, "" if value is None else str(value))


def unmask(by: Viewer, value: str, field: str, *, about: Ref, purpose: str, reason: str = "") -> Opened:
    """A value that lies open, for somebody who sees its mask: the same permission, quota and audit as a sealed one."""
    _claim_reveal(by, field, about=about, purpose=purpose, reason=reason.strip())
    return Opened(field, value)


def open_file_name(by: Viewer, ref: SealedRef, field: str, *, about: Ref, purpose: str) -> str:
    """Leave to take a sealed file, and its name: permission → quota → audit committed. The caller streams the bytes then."""
    return open_sealed(by, ref, field, about=about, purpose=purpose).plain()


def _claim_reveal(by: Viewer, field: str, *, about: Ref, purpose: str, reason: str, part: str = "") -> None:
    """Count the reveal against the quota and commit its audit row, or commit the refusal and raise."""
    if purpose not in PURPOSES or (purpose == "other" and not reason):
        raise ReasonMissing(purpose)
    refusal: Forbidden | None = None
    with transaction.atomic(durable=True):
        if not queries.may_reveal(by, field):
            refusal = Forbidden(f"reveal.{field}")
        elif not by.is_machine:
            refusal = _over_quota(by)
        # Words typed by staff may name a person: the audit keeps a digest, enough to show that a reason was given.
        detail: dict[str, Any] = {"reason_length": len(reason), "reason_digest": _digest(reason)} if reason else {}
        if part:
            detail["part"] = part
        if refusal is not None:
            detail["code"] = refusal.code
        outcome = "ok" if refusal is None else "refused"
        auditing.write("reveal", by=by, about=about, field=field, purpose=purpose, outcome=outcome, detail=detail)
    if refusal is not None:
        raise refusal


def _over_quota(by: Viewer) -> QuotaExceeded | None:
    # The row lock makes two reveals of one person count one after the other (SQLite has one writer anyway).
    Staff.objects.select_for_update().filter(pk__in=[by.staff_id] if by.staff_id else []).first()
    since = clock.now() - _HOUR
    times = AuditEvent.objects.filter(actor_id=by.staff_id, action="reveal", outcome="ok", at__gt=since).order_by("at")
    used = list(times.values_list("at", flat=True)[: by.reveals_per_hour + 1])
    if len(used) < by.reveals_per_hour:
        return None
    return QuotaExceeded(by.reveals_per_hour, (used[0] if used else clock.now()) + _HOUR)


def _digest(text: str) -> str:
    from zhike.secure.vault.sealing import lookup

    return lookup("audit.reason", text).hex()


def reveals_left(by: Viewer) -> int:
    """How many values the viewer may still reveal in this hour."""
    since = clock.now() - _HOUR
    used = AuditEvent.objects.filter(actor_id=by.staff_id, action="reveal", outcome="ok", at__gt=since).count()
    return max(0, by.reveals_per_hour - used)


def open_many(refs: Sequence[SealedRef], field: str, *, purpose: str, by: Viewer) -> list[Opened]:
    """Open a field of many records for a machine purpose: one audit event a batch (purpose, count, digest of the ids)."""
    if purpose not in MACHINE_PURPOSES:
        raise ReasonMissing(purpose)
    if not by.is_machine and not queries.may_reveal(by, field):
        raise Forbidden(f"reveal.{field}")
    ids = ",".join(str(ref.record_id) for ref in refs)
    detail = {"count": len(refs), "records_digest": hashlib.sha256(ids.encode()).hexdigest()[:32]}
    auditing.write("open.batch", by=by, field=field, purpose=purpose, detail=detail)
    return opening.opened(refs, field, by=by)


def open_parts(
    refs: Sequence[SealedRef], fields: Sequence[str], *, purpose: str, by: Viewer
) -> list[dict[str, Opened]]:
    """Open several fields of many records for a machine purpose, each seal once: one audit event a batch, as `open_many`.

    Only machines: a person opens one value at a time. What was erased or is damaged answers nothing (damage alarms).
    """
    if purpose not in MACHINE_PURPOSES:
        raise ReasonMissing(purpose)
    if not by.is_machine:
        raise Forbidden("reveal.many")
    ids = ",".join(str(ref.record_id) for ref in refs)
    detail = {
        "count": len(refs),
        "records_digest": hashlib.sha256(ids.encode()).hexdigest()[:32],
        "fields": list(fields),
    }
    if refs:
        auditing.write("open.batch", by=by, purpose=purpose, detail=detail)
    return opening.parts(refs, fields, by=by)


def carry(ref: SealedRef, fields: Sequence[str], *, to: tuple[str, int, int], by: Viewer) -> bytes:
    """Seal fields of one seal anew for another place, (column, row, record): the values never leave this module.

    Call inside the transaction that writes the seal. Raises the vault's refusal.
    """
    from zhike.secure import vault

    key = vault.ensure_keys([to[2]])[to[2]]
    content = opening.payload(ref) if fields else {}
    if fields:
        detail = {"count": 1, "fields": list(fields), "record_id": ref.record_id, "to_record_id": to[2]}
        auditing.write("open.batch", by=by, purpose="survivorship", detail=detail)
    return vault.seal(key, vault.SealContext(*to), {name: content[name] for name in fields if name in content})


def open_whole(refs: Sequence[SealedRef], *, by: Viewer) -> list["Opened | str"]:
    """All that seals hold, as JSON text, for moving everything out: one audit event a batch. No quota: the permission is.

    For a value that does not open there is a word instead: `erased` (its key was destroyed) or `damaged`, which alarms.
    """
    check(by, "everything.export")
    ids = ",".join(str(ref.record_id) for ref in refs)
    detail = {"count": len(refs), "records_digest": hashlib.sha256(ids.encode()).hexdigest()[:32]}
    if refs:
        auditing.write("open.batch", by=by, purpose="everything", detail=detail)
    return opening.whole(refs, by=by)


def seal_audit() -> dict[str, Any] | None:
    """Seal what was audited so far; the head of the chain (seq, last_id, mac), or None before its first link."""
    sealing_audit.seal_pending()
    head = sealing_audit.head()
    return None if head is None else {"seq": head.seq, "last_id": head.last_id, "mac": head.mac}


def set_anchors_aside() -> str:
    """After a restore: anchors the database does not know go into a folder beside; its name, empty when there are none."""
    return sealing_audit.set_anchors_aside()


def note_lookup(by: Viewer, field: str, digest: bytes) -> None:
    """Count an exact search by a sealed value. At most 20 distinct values an hour for those who see only its mask.

    A mask of a phone leaves few candidates; without this bound a patient reader could try them all. Raises Forbidden.
    """
    if by.is_machine:
        return
    if tallies.distinct(f"lookup:{by.staff_id}", digest.hex()[:16], limit=LOOKUPS_PER_HOUR, window_seconds=3600):
        return
    auditing.write(
        "lookup.blocked",
        by=by,
        about=("staff", by.staff_id or 0),
        field=field,
        outcome="refused",
        detail={"limit": LOOKUPS_PER_HOUR},
    )
    raise Forbidden("lookup.quota")


def add_practice_staff(account: str, name: str, role_code: str, *, password: str, by: Viewer) -> tuple[int, str]:
    """An account of the demo shop, joined at once: nobody reads the mail of an invitation. Returns its id and address."""
    from zhike.secure import staffing

    check(by, "demo.manage")
    staff = staffing.add(f"{account}@{PRACTICE_DOMAIN}", name, [role_code], by=by, password=password)
    Staff.objects.filter(pk=staff.pk).update(joined_at=clock.now())
    return int(staff.pk), str(staff.email)


def practice_staff(*, by: Viewer) -> list[int]:
    """The accounts of the demo shop."""
    check(by, "demo.manage")
    return list(Staff.objects.filter(email__endswith=f"@{PRACTICE_DOMAIN}").values_list("pk", flat=True))


def delete_practice_staff(staff_id: int, *, by: Viewer) -> None:
    """Delete an account of the demo shop (no other) and end its sessions; its audit events stay."""
    from zhike.secure import sessions

    check(by, "demo.manage")
    account = Staff.objects.get(pk=staff_id, email__endswith=f"@{PRACTICE_DOMAIN}")
    sessions.end_all(account)
    account.delete()

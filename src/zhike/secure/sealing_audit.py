"""The sealer: chains what was audited, every few seconds, and anchors the chain's head outside the database each hour."""

import hashlib
import hmac
import json
import os
from dataclasses import asdict, dataclass

from django.db import OperationalError, connection, transaction

from zhike.kit import clock
from zhike.kit.home import path
from zhike.secure.auditing import ADVISORY_LOCK
from zhike.secure.models import AuditEvent, AuditSeal
from zhike.secure.vault import roots

MOST_IN_A_SEAL = 10_000
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of the chain."""

    seq: int
    last_id: int
    mac: str


def seal_pending() -> int:
    """Seal all events written since the last seal; how many. Does nothing while writers of PostgreSQL are busy too long."""
    total = 0
    while count := _seal_once():
        total += count
    return total


def _seal_once() -> int:
    with transaction.atomic():
        if not _writers_are_done():
            return 0
        last = AuditSeal.objects.order_by("-seq").first()
        after = last.last_id if last else 0
        rows = list(AuditEvent.objects.filter(pk__gt=after).order_by("pk").values_list("pk", "mac")[:MOST_IN_A_SEAL])
        if not rows:
            return 0
        seal = AuditSeal(
            seq=(last.seq if last else 0) + 1,
            at=clock.now(),
            first_id=rows[0][0],
            last_id=rows[-1][0],
            count=len(rows),
            root=root_of(rows),
            prev_mac=last.mac if last else GENESIS,
        )
        seal.mac = mac_of(seal)
        seal.save(force_insert=True)
    return len(rows)


def _writers_are_done() -> bool:
    """On PostgreSQL wait (at most 2 s) until no open transaction holds an unseen event; SQLite has one writer."""
    if connection.vendor != "postgresql":
        return True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    except OperationalError:
        return False
    return True


def root_of(rows: list[tuple[int, str]]) -> str:
    """SHA-256 over `id:mac` lines: binds every event to its place."""
    return hashlib.sha256("".join(f"{pk}:{mac}\n" for pk, mac in rows).encode()).hexdigest()


def mac_of(seal: AuditSeal) -> str:
    """HMAC-SHA256 under the audit key over the seal's values, in a fixed order."""
    values = [
        seal.seq,
        int(seal.at.timestamp() * 1_000_000),
        seal.first_id,
        seal.last_id,
        seal.count,
        seal.root,
        seal.prev_mac,
    ]
    text = json.dumps(values, separators=(",", ":")).encode()
    return hmac.new(roots.audit_key(), text, "sha256").hexdigest()


def head() -> Head | None:
    """The last link, or None before the first."""
    last = AuditSeal.objects.order_by("-seq").first()
    return Head(last.seq, last.last_id, last.mac) if last else None


def write_anchor() -> bool:
    """Append the chain's head to this month's anchor file, unless it stands there already; whether it was written.

    Without a place outside the database a cut-off tail could not be noticed. Copy the folder elsewhere for more.
    """
    present = head()
    if present is None:
        return False
    now = clock.now()
    file = path("audit-anchors") / f"{now:%Y-%m}.jsonl"
    line = json.dumps({"at": now.isoformat(), **asdict(present)})
    if file.exists() and file.read_text().rstrip().endswith(f'"mac": "{present.mac}"}}'):
        return False
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as out:
        out.write(line + "\n")
        out.flush()
        os.fsync(out.fileno())
    return True


def set_anchors_aside() -> str:
    """After the database was put back to an earlier moment: move the anchors it does not know into a folder beside.

    They prove what the chain held until then, and would from now on speak against every check. Returns the folder's name,
    empty when every anchor still holds.
    """
    folder = path("audit-anchors")
    lines = [
        json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.read_text().splitlines() if line
    ]
    known = dict(AuditSeal.objects.filter(seq__in=[a["seq"] for a in lines]).values_list("seq", "mac"))
    if all(known.get(a["seq"]) == a["mac"] for a in lines):
        return ""
    aside = folder.with_name(f"audit-anchors-before-{clock.now():%Y%m%dT%H%M%S}")
    folder.rename(aside)
    return aside.name

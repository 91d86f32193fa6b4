"""What is known of backups: the last good one, the last proven one, the newest keyring copies."""

import datetime as dt
from dataclasses import dataclass

from zhike.kit import clock
from zhike.protect.keyring_copies import DAYS_FRESH
from zhike.protect.models import BackupRun

HOURS_PROVEN = 26


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of backups now. `proven_at` is when the newest successfully drilled backup was made."""

    last: BackupRun | None
    proven: BackupRun | None
    proven_at: dt.datetime | None
    failed: BackupRun | None
    keyring: BackupRun | None
    keyring_places: int
    is_proof_old: bool
    is_keyring_old: bool


def standing() -> Standing:
    """How things stand."""
    runs = BackupRun.objects.order_by("-at", "-id")
    last = runs.filter(kind="data", is_ok=True).first()
    proven = runs.filter(kind="drill", is_ok=True).first()
    latest_drill = runs.filter(kind="drill").first()
    keyring = runs.filter(kind="keyring", is_ok=True).first()
    proven_at = dt.datetime.fromisoformat(proven.detail["created_at"]) if proven else None
    now = clock.now()
    return Standing(
        last=last,
        proven=proven,
        proven_at=proven_at,
        failed=latest_drill if latest_drill and not latest_drill.is_ok else None,
        keyring=keyring,
        keyring_places=runs.filter(kind="keyring", is_ok=True, at=keyring.at).count() if keyring else 0,
        is_proof_old=proven_at is None or now - proven_at > dt.timedelta(hours=HOURS_PROVEN),
        is_keyring_old=keyring is None or now - keyring.at > dt.timedelta(days=DAYS_FRESH),
    )


def recent(limit: int = 50) -> list[BackupRun]:
    """The last backups, copies and drills."""
    return list(BackupRun.objects.order_by("-at", "-id")[:limit])

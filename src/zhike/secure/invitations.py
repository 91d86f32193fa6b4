"""Links for setting a password: 7 days, used once, known to the database only by a hash."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from zhike.kit import clock
from zhike.secure import auditing, policy, sessions, tokens
from zhike.secure.models import Invitation, Staff
from zhike.secure.records import Viewer

LIFE = dt.timedelta(days=7)
_SHORTEST = 40


class LinkInvalid(Exception):
    """The link is unknown, used, expired, revoked, or its person is disabled; which, nobody outside is told."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom a link is for."""

    staff_id: int
    email: str
    display_name: str
    purpose: str


def make(staff: Staff, purpose: str, *, by: Viewer) -> str:
    """A new link's token; earlier open links of the person stop working."""
    now = clock.now()
    token = tokens.secret_token()
    Invitation.objects.filter(staff=staff, used_at=None, revoked_at=None).update(revoked_at=now)
    Invitation.objects.create(
        staff=staff,
        purpose=purpose,
        token_hash=_hash(token),
        created_by_id=by.staff_id,
        created_at=now,
        expires_at=now + LIFE,
    )
    return token


def look(token: str) -> Invited:
    """Whom an open link is for. Raises LinkInvalid."""
    row = _open(token)
    return Invited(row.staff_id, row.staff.email, row.staff.display_name, row.purpose)


def accept(token: str, password: str) -> Staff:
    """Set the password and use the link up. Raises LinkInvalid, or Django's ValidationError for a weak password."""
    staff = _open(token).staff
    validate_password(password, staff)
    now = clock.now()
    with transaction.atomic():
        row = _open(token)
        if not Invitation.objects.filter(pk=row.pk, used_at=None).update(used_at=now):
            raise LinkInvalid
        staff = row.staff
        staff.set_password(password)
        staff.password_changed_at = now
        staff.joined_at = staff.joined_at or now
        staff.save(update_fields=["password", "password_changed_at", "joined_at"])
        sessions.end_all(staff)
        action = "staff.joined" if row.purpose == "join" else "password_reset"
        auditing.write(action, by=Viewer(staff.pk, staff.display_name), about=("staff", staff.pk))
        policy.touch()
    return staff


def _open(token: str) -> Invitation:
    if not isinstance(token, str) or len(token) < _SHORTEST:
        raise LinkInvalid
    row = (
        Invitation.objects.select_related("staff")
        .filter(token_hash=_hash(token), used_at=None, revoked_at=None)
        .first()
    )
    if row is None or clock.now() >= row.expires_at or not row.staff.is_active:
        raise LinkInvalid
    return row


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Writing the audit: who, what, when, from where, each row authenticated by itself; the sealer chains them (sealing job)."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest

from zhike.kit import chance, clock
from zhike.secure.models import AuditEvent
from zhike.secure.records import Viewer
from zhike.secure.vault import roots

OUTCOMES = ("ok", "refused", "failed")
_where: ContextVar[tuple[str, str]] = ContextVar("where", default=("", ""))
# One lock for all writers of the audit on PostgreSQL: shared by writers, exclusive for a moment by the sealer, so that no
# event can appear later below an id already sealed. SQLite has one writer anyway.
ADVISORY_LOCK = 0x5A48_4155


@contextmanager
def acting(request: HttpRequest) -> Iterator[None]:
    """While inside, audit events carry the request's address and a short digest of its session."""
    key = getattr(request, "session", None) and request.session.session_key
    mark = _where.set((client_ip(request), hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""))
    try:
        yield
    finally:
        _where.reset(mark)


@contextmanager
def acting_from(request: HttpRequest, mark: str) -> Iterator[str]:
    """While inside, audit events carry the request's address, which is given, and a mark that stands for a session."""
    address = client_ip(request)
    known = _where.set((address, mark[:16]))
    try:
        yield address
    finally:
        _where.reset(known)


def client_ip(request: HttpRequest) -> str:
    """The peer's address; a proxy's header counts only when the settings name the proxy (see config/protection.py)."""
    from zhike.secure.addresses import client_address

    return client_address(request)


def write(
    action: str,
    *,
    by: Viewer,
    about: tuple[str, int | str] | None = None,
    field: str | None = None,
    purpose: str | None = None,
    outcome: str = "ok",
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append one event in the caller's transaction. `detail` holds ids, counts and codes only, never a value."""
    from zhike.secure.audit_actions import ACTIONS

    if action not in ACTIONS or outcome not in OUTCOMES:
        raise ValueError(f"unknown audit action or outcome: {action}, {outcome}")
    ip, session = _where.get()
    kind, object_id = about or ("", "")
    event = AuditEvent(
        uid=chance.token(16),
        at=clock.now(),
        actor_id=by.staff_id,
        actor=by.label[:120],
        session=session,
        ip=ip,
        action=action,
        object_kind=kind,
        object_id=str(object_id),
        field=field or "",
        purpose=purpose or "",
        outcome=outcome,
        detail=detail or {},
    )
    event.mac = mac_of(event)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ADVISORY_LOCK])
        event.save(force_insert=True)
    return event


def write_committed(action: str, **what: Any) -> AuditEvent:
    """Append one event and commit it before returning; refuses to run inside another transaction."""
    with transaction.atomic(durable=True):
        return write(action, **what)


CANONICAL = (
    "uid", "at", "actor_id", "actor", "session", "ip", "action", "object_kind", "object_id", "field", "purpose", "outcome", "detail",
)  # fmt: skip


def canonical(event: AuditEvent) -> bytes:
    """The exact text of an event that its MAC covers: JSON, keys in the order of CANONICAL, times as UTC microseconds."""
    values = {name: getattr(event, name) for name in CANONICAL}
    values["at"] = int(event.at.timestamp() * 1_000_000)
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def mac_of(event: AuditEvent) -> str:
    """HMAC-SHA256 of the canonical text under the audit key."""
    return hmac.new(roots.audit_key(), canonical(event), "sha256").hexdigest()

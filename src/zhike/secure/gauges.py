"""Gauges of sign-in, reveals and the audit: counts and ages, nobody's name."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhike.kit import clock
from zhike.kit.gauges import Values, gauge
from zhike.secure import sealing_audit
from zhike.secure.models import AuditEvent

_WATCHED = ("sign_in", "sign_in_failed", "reveal", "open.batch", "export", "lookup.blocked", "vault.alarm")


@gauge(
    "zhike_audited_last_hour",
    _("Audited acts of the last hour that are worth watching, failed sign-ins among them."),
    labels=("act",),
)
def acts() -> Values:
    """Acts of the last hour by code."""
    since = clock.now() - dt.timedelta(hours=1)
    return {(act.replace(".", "_"),): AuditEvent.objects.filter(action=act, at__gt=since).count() for act in _WATCHED}


@gauge(
    "zhike_audit_unsealed",
    _("Audit events not yet sealed; more than some seconds' worth means the worker stands still."),
)
def unsealed() -> Values:
    """Events behind the last seal."""
    head = sealing_audit.head()
    return AuditEvent.objects.filter(pk__gt=head.last_id if head else 0).count()


@gauge("zhike_audit_verified_seconds", _("Since the audit was last verified and found whole; absent when never."))
def verified() -> Values:
    """The age of the last good verification."""
    last = AuditEvent.objects.filter(action="audit.verified", outcome="ok").order_by("-id").first()
    return None if last is None else (clock.now() - last.at).total_seconds()


@gauge("zhike_audit_broken", _("1: the last verification of the audit found a break."))
def broken() -> Values:
    """Whether the last verification failed."""
    last = AuditEvent.objects.filter(action="audit.verified").order_by("-id").first()
    return float(last is not None and last.outcome != "ok")

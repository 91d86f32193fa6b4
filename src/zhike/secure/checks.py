"""What `zhike doctor` looks at: keys present and private, the keyring at hand, the audit sealed."""

from django.utils.translation import gettext as _

from zhike.kit.checks import OK, Finding, check
from zhike.secure import sealing_audit
from zhike.secure.models import AuditEvent, RecordKey
from zhike.secure.vault import roots
from zhike.secure.vault.errors import VaultError


@check("root_keys", is_vital=True)
def root_keys() -> Finding:
    """The key files are there and private."""
    try:
        roots.installation(), roots.lookup_key(), roots.audit_key(), roots.backup_identity()
        for version in roots.kek_versions():
            roots.kek(version)
        roots.current_kek_version()
    except VaultError as problem:
        return Finding("failed", str(problem), _("Bring the keys back from a keyring copy."))
    return OK


@check("keyring", is_vital=True)
def keyring() -> Finding:
    """The keyring's tables answer."""
    RecordKey.objects.exists()
    return OK


@check("audit_sealed")
def audit_sealed() -> Finding:
    """The sealer keeps up."""
    head = sealing_audit.head()
    waiting = AuditEvent.objects.filter(pk__gt=head.last_id if head else 0).count()
    if waiting > 1000:
        return Finding(
            "warning", _("%(count)d audit events wait to be sealed.") % {"count": waiting}, _("Is the worker running?")
        )
    return OK


@check("consents_true")
def consents_true() -> Finding:
    """The newest answers to consents read as they were written."""
    from zhike.secure.consents.recording import altered

    if wrong := altered():
        text = _("%(count)d answers to consents were changed outside of Zhike.") % {"count": len(wrong)}
        return Finding("failed", text, _("Compare them with a backup and with the audit."))
    return OK

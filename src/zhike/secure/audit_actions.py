"""Every act the audit knows, with its label. Modules register theirs at start-up."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, Promise] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed"),
    "sign_on.linked": _("Linked to the identity provider"),
    "sign_on.unlinked": _("Link to the identity provider removed"),
    "sign_out": _("Signed out"),
    "password_changed": _("Password changed"),
    "password_reset": _("Password reset by link"),
    "second_factor_added": _("Second factor added"),
    "second_factor_removed": _("Second factor removed"),
    "session_ended": _("Session ended"),
    "staff.invited": _("Staff invited"),
    "staff.joined": _("Invitation accepted"),
    "staff.reset_link": _("Reset link made"),
    "staff.changed": _("Staff changed"),
    "staff.disabled": _("Staff disabled"),
    "staff.enabled": _("Staff enabled"),
    "team.changed": _("Team changed"),
    "policy.changed": _("Field policy changed"),
    "role.changed": _("Role changed"),
    "field.defined": _("Field defined"),
    "field.changed": _("Defined field changed"),
    "field.archived": _("Defined field put away"),
    "field.restored": _("Defined field taken into use again"),
    "reveal": _("Value revealed"),
    "open.batch": _("Values opened by the machine"),
    "lookup.blocked": _("Too many exact lookups"),
    "vault.alarm": _("Sealed value refused"),
    "key.rotated": _("Key rotated"),
    "key.destroyed": _("Keys destroyed"),
    "export": _("Exported"),
    "import": _("Imported"),
    "import.undone": _("Import undone"),
    "customer.created": _("Customer created"),
    "customer.changed": _("Customer changed"),
    "customer.archived": _("Customer archived"),
    "customers.bulk": _("Many customers changed"),
    "source.changed": _("Source changed"),
    "analysis.run": _("Analysis run"),
    "worklist.noted": _("Worklist outcome noted"),
    "job.managed": _("Job stopped or restarted"),
    "settings.changed": _("Settings changed"),
    "demo.changed": _("Demo shop loaded or removed"),
    "backup.made": _("Backup made"),
    "backup.drill": _("Restore drill"),
    "backup.keyring": _("Keyring copied"),
    "restored": _("Restored from backup"),
    "audit.exported": _("Audit exported"),
    "audit.verified": _("Audit verified"),
    "view.file": _("Customer file opened"),
}


def register(code: str, label: Promise) -> None:
    """Add an act."""
    ACTIONS[code] = label

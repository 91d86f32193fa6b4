"""What `zhike doctor` looks at: is there a proven backup, is there a fresh keyring copy."""

from django.utils.translation import gettext as _

from zhike.kit.checks import OK, Finding, check
from zhike.protect import history


@check("backup_proven")
def backup_proven() -> Finding:
    """The newest drilled backup is fresh."""
    if history.standing().is_proof_old:
        return Finding(
            "warning", _("No backup of the last 26 hours has been proven by a drill."), "zhike restore --drill"
        )
    return OK


@check("keyring_copied")
def keyring_copied() -> Finding:
    """A keyring copy is fresh."""
    if history.standing().is_keyring_old:
        return Finding(
            "warning", _("The keyring was not copied in the last 7 days."), "zhike backup --keyring --to DIR"
        )
    return OK

"""Why a person looks at a value, and why a machine opens many: codes with labels."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PURPOSES: dict[str, Promise] = {
    "after_sale": _("After-sale service"),
    "delivery": _("Delivery problem"),
    "verification": _("Verification of the person"),
    "complaint": _("Complaint"),
    "contact_requested": _("The customer asked to be contacted"),
    "other": _("Other (say why)"),
}

# What machines may open values for; each batch is one audit event.
MACHINE_PURPOSES: dict[str, Promise] = {
    "restore_drill": _("Restore drill"),
    "matching": _("Finding duplicates"),
    "truth_check": _("Looking for signs of invented records"),
    "sending": _("Sending a message"),
    "export": _("Export with values approved"),
    "survivorship": _("Computing the card"),
    "rights_request": _("Copy for the person"),
    "undo": _("Undo of an import"),
    "everything": _("Moving everything out"),
}

"""The classes of files that are kept for a while, with the least the law asks and what stays."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.protect.models import KeepingRule

LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class KeptClass:
    """A class: its period as shipped, the shortest allowed, why, and what goes and stays."""

    code: str
    label: Promise
    days: int
    least_days: int
    law: Promise
    goes: Promise


CLASSES: dict[str, KeptClass] = {
    c.code: c
    for c in (
        KeptClass(
            "never_bought", _("Never bought"), 730, 30,
            _("Personal data is kept for the shortest time its purpose needs (PIPL 19)."),
            _("Everything that names the person goes; the file number stays, so that none is given twice."),
        ),
        KeptClass(
            "bought", _("Last order long ago"), 1825, 1095,
            _("Information on trade is kept for at least 3 years after it was completed (E-Commerce Law 31; limitation, Civil Code 188)."),
            _("Name, contacts, addresses and notes go; orders keep their day and amounts. Vouchers belong to the books of account, which keep them for 30 years."),
        ),
        KeptClass(
            "archived", _("Archived files"), 365, 30,
            _("What was put away is no longer needed for its purpose (PIPL 19, 47)."),
            _("Everything that names the person goes."),
        ),
    )
}  # fmt: skip
# Said on the page, not run here: kept by other rules of their own.
OTHERS = (
    (_("Proof of consent"), _("as long as it holds, and 3 years after another answer, an undone import or an erasure took its place")),
    (_("Audit"), _("grows only; at least 6 months are asked of network logs (Cybersecurity Law), 3 years of records of giving data to others")),
    (_("Consultation log"), _("a year")),
    (_("Uploaded files of imports"), _("30 days, then their key is destroyed")),
    (_("Backups"), _("35 days; what was erased is erased again after a restore")),
)  # fmt: skip
HELD_WORDS: dict[str, Promise] = {
    "hold": _("held by hand"),
    "contract": _("a contract runs or is disputed"),
    "task": _("a task given by hand is open"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """How long a class is kept now, and whether it goes by itself."""

    kept: KeptClass
    days: int
    is_nightly: bool


def periods() -> dict[str, Period]:
    """The periods in force."""
    stored = {row.code: row for row in KeepingRule.objects.all()}
    return {
        code: Period(
            kept, stored[code].days if code in stored else kept.days, code in stored and stored[code].is_nightly
        )
        for code, kept in CLASSES.items()
    }

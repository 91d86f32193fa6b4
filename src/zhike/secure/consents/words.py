"""Words for the codes of consent."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ANSWERS: dict[str, Promise] = {
    "given": pgettext_lazy("consent", "Given"),
    "withdrawn": pgettext_lazy("consent", "Withdrawn"),
}
# `lapsed`: given for a time that is over, or to a notice that has been replaced by one that asks anew.
STATES: dict[str, Promise] = {**ANSWERS, "lapsed": pgettext_lazy("consent", "Lapsed"), "unknown": _("Not asked")}
WAYS: dict[str, Promise] = {
    "form": _("Form on a page"),
    "paper": _("On paper"),
    "phone": _("By phone"),
    "staff": _("Told a member of staff"),
    "link": _("Link in a message"),
    "import": _("Brought in from a file"),
    "api": _("Another program"),
}
BASES: dict[str, Promise] = {
    "consent": _("Consent"),
    "contract": _("Contract with the person"),
    "legal_duty": _("Legal duty"),
    "emergency": _("Emergency"),
    "public_interest": _("News and public interest"),
    "lawfully_public": _("Lawfully public data"),
    "legitimate": _("Legitimate interest (not under Chinese law)"),
}

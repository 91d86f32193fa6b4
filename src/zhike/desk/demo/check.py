"""What `zhike doctor` says of the demo shop."""

from django.utils.translation import gettext as _

from zhike.desk.demo import presence
from zhike.kit.checks import OK, Finding, check


@check("demo")
def demo_beside_real_customers() -> Finding:
    """Invented customers and their accounts have no business beside real ones."""
    if not presence.is_here():
        return OK
    if others := presence.others_count():
        text = _("The demo shop and its accounts stand beside %(count)s real customers.") % {"count": f"{others:,}"}
        return Finding("warning", text, "zhike demo --remove")
    return Finding("ok", _("The demo shop is here, and nobody else."))

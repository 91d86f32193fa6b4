"""What `zhike doctor` looks at: do the cards still say what the rules give."""

from django.utils.translation import gettext as _

from zhike.customers.models import CustomerCard
from zhike.customers.queries import disagreement
from zhike.kit.checks import OK, Finding, check

_LOOKED_AT = 200


@check("cards_follow_rules")
def cards_follow_rules() -> Finding:
    """The cards changed last show, field by field, the version that survivorship gives now."""
    newest = CustomerCard.objects.order_by("-change_seq").values_list("customer_id", "number")[:_LOOKED_AT]
    wrong = [number for customer_id, number in newest if disagreement(customer_id)]
    if not wrong:
        return OK
    text = _("%(count)s customer files show values the rules no longer give, %(number)s among them.")
    return Finding("failed", text % {"count": len(wrong), "number": wrong[0]}, f"zhike why {wrong[0]}")

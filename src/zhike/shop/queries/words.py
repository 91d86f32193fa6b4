"""Codes of orders in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Words = dict[str, Promise]

ORDER_STATES: Words = {
    "unpaid": _("Unpaid"),
    "paid": _("Paid"),
    "shipped": _("Shipped"),
    "completed": _("Completed"),
    "closed": _("Closed"),
    "cancelled": pgettext_lazy("order", "Cancelled"),
    "refunded": _("Refunded"),
}
ORDER_TONES = {"paid": "info", "shipped": "info", "completed": "good", "unpaid": "warn", "refunded": "warn"}
ORDER_KINDS: Words = {
    "sale": pgettext_lazy("order kind", "Sale"),
    "cancellation": pgettext_lazy("order kind", "Cancellation"),
    "refund": pgettext_lazy("order kind", "Refund"),
    "adjustment": pgettext_lazy("order kind", "Adjustment"),
}
LINE_KINDS: Words = {
    "goods": _("Goods"),
    "postage": _("Postage"),
    "fee": _("Fee"),
    "discount": _("Discount"),
    "adjustment": pgettext_lazy("order kind", "Adjustment"),
    "gift_card": _("Gift card"),
    "sample": _("Sample"),
}
NOBODY_WHYS: Words = {
    "not_given": _("The shop gave no buyer"),
    "masked": _("The platform masks the buyer"),
    "platform": _("The platform never names the buyer"),
}
CASE_KINDS: Words = {
    "refund": _("Refund without return"),
    "return": _("Return"),
    "exchange": _("Exchange"),
    "repair": _("Repair"),
    "other": pgettext_lazy("after-sale", "Other"),
}
CASE_STATES: Words = {
    "open": pgettext_lazy("after-sale", "Open"),
    "agreed": _("Agreed"),
    "done": pgettext_lazy("after-sale", "Done"),
    "refused": _("Refused"),
    "cancelled": pgettext_lazy("after-sale", "Withdrawn"),
}
CASE_TONES = {"open": "warn", "agreed": "info", "done": "good", "refused": "bad"}
OF_CASES = {"case_kinds": CASE_KINDS, "case_states": CASE_STATES, "case_tones": CASE_TONES}  # as templates name them

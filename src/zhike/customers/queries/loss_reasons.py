"""Why customers are lost: the shipped reasons and the merchant's own, one list for people, rules and figures."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhike.customers.models import LossReason

SHIPPED: Mapping[str, Promise] = {
    "price": _("Too expensive"),
    "rival": _("Chose a competitor"),
    "no_need": _("No need any more"),
    "no_means": _("No budget"),
    "timing": _("Not now, perhaps later"),
    "unfit": _("The product does not fit"),
    "service": _("Dissatisfied with the service"),
    "no_answer": _("Cannot be reached"),
    "invalid": _("Never was a possible customer"),
    "other": _("Another reason"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for loss in words; archived ones are read but no longer offered."""

    code: str
    name: Promise | str
    is_archived: bool
    is_shipped: bool


def loss_reasons(*, archived: bool = True) -> list[Reason]:
    """All reasons: the shipped ones, then the merchant's own by name."""
    kept = {row.code: row for row in LossReason.objects.all()}
    put_away = {code for code, row in kept.items() if row.archived_at is not None}
    found = [Reason(code, name, code in put_away, True) for code, name in SHIPPED.items()]
    own = sorted((row for code, row in kept.items() if code not in SHIPPED), key=lambda row: row.name)
    found += [Reason(row.code, row.name, row.code in put_away, False) for row in own]
    return [reason for reason in found if archived or not reason.is_archived]


def loss_reason_names() -> dict[str, Promise | str]:
    """{code: words}, archived ones too: old moves name them."""
    return {reason.code: reason.name for reason in loss_reasons()}

"""Statements, reports and rules of credit as the audit names them."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhike.credit.models import CreditReport, FinancialStatement
from zhike.secure import audit_actions
from zhike.secure.audit_actions import Named, by_number, register_object
from zhike.secure.queries import sight
from zhike.secure.records import Viewer


def register() -> None:
    """Called once at start-up."""
    register_object("statement", _("Financial statement"), named=by_number(_statements))
    register_object("credit_report", _("Credit report"), named=by_number(_reports))
    register_object("credit_rule", _("Rule of credit"))
    register_object("receivable", _("Invoice"))
    for code, label in {
        "statement.added": _("Financial statement entered"),
        "statement.changed": _("Financial statement corrected"),
        "statement.removed": _("Financial statement removed"),
        "statements.brought": _("Financial statements brought in from a file"),
        "statements.taken_out": _("Figures of enterprises downloaded"),
        "receivable.noted": _("Invoice noted"),
        "credit.drafted": _("Credit report begun"),
        "credit.changed": _("Credit report changed"),
        "credit.submitted": _("Credit report submitted"),
        "credit.decided": _("Credit decided on"),
        "credit.withdrawn": _("Credit report withdrawn"),
        "credit.rule_changed": _("Rule of credit changed"),
    }.items():
        audit_actions.register(code, label)


def _statements(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    found = FinancialStatement.objects.filter(id__in=ids) if _sees(viewer, "statements") else ()
    return {one.pk: Named(one.ends_on.isoformat(), "") for one in found}


def _reports(viewer: Viewer, ids: list[int]) -> Mapping[int, Named]:
    found = CreditReport.objects.filter(id__in=ids) if _sees(viewer, "credit") else ()
    return {
        one.pk: Named(f"{one.created_at:%Y-%m-%d}", reverse("credit:report", args=[one.public_id])) for one in found
    }


def _sees(viewer: Viewer, field: str) -> bool:
    return viewer.scope == "all" and viewer.can("credit.view") and sight(viewer, field) == "shown"

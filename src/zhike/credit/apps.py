from typing import Any

from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "zhike.credit"
    label = "credit"

    def ready(self) -> None:
        """Rights, acts, tasks and pages of enterprise figures and credit."""
        from django.utils.translation import gettext_lazy as _

        from zhike.api import scopes
        from zhike.credit import audit_names
        from zhike.credit.actions.forgetting import forget_credit_of
        from zhike.kit.jobs import reading
        from zhike.secure import permissions, subjects

        permissions.register("credit.view", _("See statements and credit"))
        permissions.register("credit.edit", _("Enter statements and write credit reports"))
        permissions.register("credit.approve", _("Decide on credit"))
        permissions.register("credit.rules", _("Change weights and limits of credit"))
        scopes.register("credit:read", _("Read statements and credit"), "customers.view", "credit.view")
        scopes.register(
            "credit:write", _("Enter statements and invoices"), "customers.view", "credit.view", "credit.edit"
        )
        subjects.on_erase("customer", forget_credit_of)
        audit_names.register()
        reading.label("credit.review", _("Look for credit to review"))
        _announce_tasks()
        _announce_pages()


def _announce_tasks() -> None:
    from django.utils.translation import gettext_lazy as _
    from django.utils.translation import pgettext_lazy

    from zhike.credit.actions.reports import APPROVAL, QUEUE
    from zhike.credit.actions.reviewing import REVIEW
    from zhike.work import kinds

    kinds.register_queue(QUEUE, pgettext_lazy("queue", "Credit"), permission="credit.approve")
    kinds.register(
        APPROVAL, _("Credit to decide on"), icon="scale", queue=QUEUE, outcomes=(), do_url=_report_page,
        see="credit.approve", act="credit.approve",
        why={
            "asked": _("Somebody proposes a limit and terms: another person decides."),
            "person": _("A limit for a natural person is proposed: somebody decides, with reasons. The machine does not."),
        },
    )  # fmt: skip
    kinds.register(
        REVIEW, _("Credit to review"), icon="calendar-due", outcomes=kinds.LISTED, see="credit.view", close=_note_on_file,
        why={
            "overdue": _("An invoice has been overdue for %(days)s days, longer than the grace."),
            "ending": _("The credit ends in %(days)s days: write a new report, or let it end."),
        },
    )  # fmt: skip


def _note_on_file(task_id: int, outcome: str, note: str, *, by: Any) -> None:
    from zhike.customers.actions import note_outcome

    note_outcome(task_id, outcome, note, by=by)


def _report_page(task: Any) -> str:
    from django.urls import reverse

    return reverse("credit:report", args=[task.about_part])


def _announce_pages() -> None:
    from zhike.ui.frame import nav_item

    under = ("/insight/enterprises/",)
    nav_item(
        "insight.enterprises", "Enterprise figures", "building", "credit:enterprises", "credit.view", 74,
        parent="insight", keywords="jingying qingkuang bilv caiwu", under=under,
    )  # fmt: skip
    nav_item(
        "insight.credit", "Credit", "scale", "credit:reports", "credit.view", 75,
        parent="insight", keywords="xinyong zixin edu", under=("/insight/credit/",),
    )  # fmt: skip

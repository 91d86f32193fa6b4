"""What quality announces: its rights, its acts, its jobs and its places in the rail."""

from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer
from zhike.work.records import TaskFacts


def announce() -> None:
    """Rights, acts, words of the jobs, places in the rail."""
    from zhike.kit.jobs import reading
    from zhike.secure import audit_actions, permissions
    from zhike.ui.frame import nav_item

    permissions.register("quality.view", _("See data quality"))
    permissions.register("quality.manage", _("Measure data quality and change its rules"))
    audit_actions.register("quality.measured", _("Data quality measured"))
    audit_actions.register("quality.rule_changed", _("Rule of data quality changed"))
    reading.label("clean.measure_quality", _("Measure data quality"))
    reading.label("checking_files", _("checking files"))
    marks = ("clean.quality", "Data quality", "gauge", "clean:quality", "quality.view", 58)
    _announce_tasks()
    nav_item(*marks, parent="clean", keywords="shuju zhiliang sjzl", under=("/clean/quality/",))


def _announce_tasks() -> None:
    from zhike.work import kinds

    kinds.register_queue("archive", pgettext_lazy("queue", "Archive"), permission="customers.edit")
    kinds.register(
        "refresh_values", _("Values to bring up to date"), icon="refresh", queue="archive", why=_why, outcomes=kinds.LISTED,
    )  # fmt: skip


def _why(viewer: Viewer, task: TaskFacts) -> str:
    """Which fields, as far as the viewer may know of them."""
    from zhike.clean.quality.board import may_know
    from zhike.secure import fields

    names = [str(fields.field(n).label) for n in task.why_params.get("fields", ()) if may_know(viewer, n)]
    days = task.why_params.get("days", 0)
    if not names:
        return gettext("Something on this file is out of date.")
    return ngettext(
        "Ask again: %(fields)s. The oldest was stated %(days)s day ago.",
        "Ask again: %(fields)s. The oldest was stated %(days)s days ago.",
        days,
    ) % {"fields": gettext(", ").join(names), "days": days}

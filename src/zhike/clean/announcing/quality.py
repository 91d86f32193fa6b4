"""What quality announces: its rights, its acts, its jobs and its places in the rail."""

from django.utils.translation import gettext_lazy as _


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
    nav_item(*marks, parent="clean", keywords="shuju zhiliang sjzl", under=("/clean/quality/",))

"""What the funnel announces: its pages, acts and jobs."""

from django.utils.translation import gettext_lazy as _


def announce() -> None:
    """The place in the rail, the words of the audit and of the jobs page."""
    from zhike.kit.jobs import reading
    from zhike.secure.audit_actions import register, register_object
    from zhike.ui.frame import command, nav_item

    nav_item(
        "clean.funnel", "Funnel", "layout-kanban", "clean:funnel", "funnel.view", 60,
        parent="clean", keywords="loudou kehu xiansuo", under=("/clean/funnel/",), key="f",
    )  # fmt: skip
    command("funnel.new", "New lead", "user-plus", "clean:lead_new", "customers.edit", keywords="xinjian xiansuo")
    register_object("funnel_rule", _("Rule of the funnel"))
    register_object("funnel_run", _("Run of the funnel"))
    register_object("score_part", _("Part of the score"))
    for code, label in (
        ("funnel.rule", _("Rule of the funnel changed")),
        ("funnel.run", _("Rules of the funnel carried out or taken back")),
        ("funnel.score", _("Lead score changed")),
        ("funnel.market", _("Market sheet changed")),
    ):
        register(code, label)
    reading.label("clean.qualify", _("Find whom the rules of the funnel would move"))
    reading.label("clean.move", _("Move customers by the rules of the funnel"))
    reading.label("clean.unmove", _("Take a run of the rules back"))
    reading.label("clean.qualify_nightly", _("Rules of the funnel, by night"))

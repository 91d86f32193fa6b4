"""What verification announces: its rights, pages, kinds of tasks, acts of the audit and words of its jobs."""

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer
from zhike.work.records import TaskFacts


def announce() -> None:
    """Rights, the place in the rail, the queue of those who keep the files, and the two kinds of tasks."""
    from zhike.clean.actions.verification import CONTRADICTION, QUEUE, ROUTINE
    from zhike.kit.jobs.reading import label
    from zhike.secure import audit_actions, permissions
    from zhike.ui.frame import command, nav_item
    from zhike.work import kinds

    permissions.register("clean.rules", _("Set the rules of verification, see accuracy"))
    audit_actions.register_object("verification_rule", _("Rule of verification"))
    audit_actions.register("clean.rule_set", _("Rule of verification set"))
    audit_actions.register("clean.rule_removed", _("Rule of verification removed"))
    marks = ("clean.verification", "Verification", "phone-check", "clean:verification", "customers.verify", 60)
    nav_item(*marks, parent="clean", keywords="heshi hs", under=("/clean/verification/",))
    command("clean.verify", "Verify the next value", "phone-check", "clean:verify_next", "customers.verify", "heshi")
    kinds.register_queue(QUEUE, _("Keeping the files"), permission="customers.verify")
    shared = {"queue": QUEUE, "see": "customers.verify", "act": "customers.verify", "outcomes": (), "do_url": _page}
    kinds.register(CONTRADICTION, _("Sources disagree"), icon="arrows-diff", why=_contradiction, **shared)  # type: ignore[arg-type]
    kinds.register(ROUTINE, _("Verify a value"), icon="phone-check", why=_routine, **shared)  # type: ignore[arg-type]
    label("clean.draw_verifications", _("Draw tasks of verification"))
    label("clean.find_contradictions", _("Look for sources that disagree"))
    label("clean.look_again", _("Look for sources that disagree"))
    label("customers.derive_all", _("Derive all cards anew"))


def _page(task: TaskFacts) -> str:
    from django.urls import reverse

    return reverse("clean:verify_task", args=[task.public_id])


def _contradiction(viewer: Viewer, task: TaskFacts) -> str:
    said = now("%(values)s different values of “%(field)s” from %(sources)s sources: ask which one holds.")
    return said % {**task.why_params, "field": _field(viewer, task)}


def _routine(viewer: Viewer, task: TaskFacts) -> str:
    said = {
        "key_customer": now("A key customer: ask whether “%(field)s” still holds."),
        "recent_customer": now("Bought much and lately: ask whether “%(field)s” holds."),
        "old_customer": now("“%(field)s” was last stated %(days)s days ago: ask whether it still holds."),
    }
    return said.get(task.why_code, now("Ask whether “%(field)s” holds.")) % {
        **task.why_params,
        "field": _field(viewer, task),
    }


def _field(viewer: Viewer, task: TaskFacts) -> str:
    """The field's name; that a hidden field is known is not told."""
    from zhike.secure import fields
    from zhike.secure import queries as secure

    if not fields.known(task.about_part) or secure.sight(viewer, task.about_part) == "hidden":
        return now("a value you may not see")
    return str(fields.field(task.about_part).label)

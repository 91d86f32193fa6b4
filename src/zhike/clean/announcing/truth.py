"""What truth checks announce: acts of the audit, the job, the kind of task, the place in the rail."""

import datetime as dt

from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer
from zhike.work.records import TaskFacts


def announce() -> None:
    """Acts, words of the job, the kind of task, the place in the rail."""
    from zhike.api import scopes
    from zhike.clean.actions.truth import QUEUE, TRUTH_CHECK, forget_checks_of
    from zhike.kit.jobs.reading import label
    from zhike.secure import audit_actions, subjects
    from zhike.ui.frame import nav_item
    from zhike.work import kinds

    scopes.register("truth:read", _("Read truth checks"), "customers.view", "customers.verify", "clean.rules")
    scopes.register("truth:write", _("Note truth checks"), "customers.view", "customers.verify")
    audit_actions.register("truth.rules_set", _("Rules of truth checks set"))
    audit_actions.register("truth.draw_asked", _("Drawing of truth checks asked for"))
    audit_actions.register("truth.noted", _("Result of a truth check noted"))
    label("clean.draw_truth_checks", _("Draw truth checks"))
    label("looking_at_collectors", _("looking at what each collector entered"))
    marks = ("clean.truth", "Truth checks", "shield-check", "clean:truth", "clean.rules", 62)
    nav_item(*marks, parent="clean", keywords="choucha cc zhenshi", under=("/clean/truth/",))
    kinds.register(
        TRUTH_CHECK, _("Truth check"), icon="shield-check", queue=QUEUE, why=_why, outcomes=(), do_url=_page,
        see="customers.verify", act="customers.verify",
    )  # fmt: skip
    subjects.on_erase("customer", forget_checks_of)


def _page(task: TaskFacts) -> str:
    from django.urls import reverse

    return reverse("clean:truth_check", args=[task.about_part])


def _why(viewer: Viewer, task: TaskFacts) -> str:
    from django.utils import timezone

    from zhike.clean.truth import words
    from zhike.secure import queries as secure

    given = task.why_params
    names = [words.field_name(viewer, n) for n in words.visible(viewer, list(given.get("fields", ())))]
    staff_id = int(given.get("staff", 0))
    said = {
        "drawn": now("%(name)s entered this on %(day)s; drawn by chance. Call and ask whether it holds: %(fields)s."),
        "flagged": now("%(name)s entered this on %(day)s; it bears signs of invention. Call and ask whether it holds: %(fields)s."),
    }  # fmt: skip
    return said.get(task.why_code, said["drawn"]) % {
        "name": secure.staff_names([staff_id]).get(staff_id, ""),
        "day": timezone.localdate(dt.datetime.fromisoformat(given["at"])).isoformat() if "at" in given else "–",
        "fields": now(", ").join(names) or now("a value you may not see"),
    }

"""What supervision announces: rights, acts of the audit, the job, kinds of tasks, the place in the rail."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext_lazy as _

from zhike.secure.records import Viewer
from zhike.work.records import About, TaskFacts


def announce() -> None:
    """Called once at start-up."""
    from zhike.kit.jobs.reading import label
    from zhike.protect.supervision import words
    from zhike.protect.supervision.actions import ABOUT, QUESTION, QUEUE, REVIEW, forget_words_about
    from zhike.secure import permissions, subjects
    from zhike.secure.audit_actions import register
    from zhike.ui.frame import nav_item
    from zhike.work import kinds

    permissions.register("supervision.review", _("Judge what colleagues looked at"))
    permissions.register("supervision.rules", _("Set the rules of supervision and draw"))
    register("supervision.rules_set", _("Rules of supervision set"))
    register("supervision.draw_asked", _("Drawing of looks asked for"))
    register("supervision.asked", _("Asked what a look was for"))
    register("supervision.answered", _("Said what a look was for"))
    register("supervision.noted", _("Look judged"))
    label("protect.draw_disclosures", _("Draw looks to be judged"))
    nav_item(
        "supervision", "Supervision", "eye-search", "protect:supervision", "supervision.review", 93, "foot",
        parent="security", keywords="jiandu choucha jd",
    )  # fmt: skip
    kinds.register_queue(QUEUE, _("Security"), permission="supervision.review")
    kinds.register(
        REVIEW, _("Judge a look"), icon="eye-search", queue=QUEUE, why=words.why, outcomes=(), do_url=_review,
        see="supervision.review", act="supervision.review",
    )  # fmt: skip
    kinds.register(
        QUESTION, _("Say what a look was for"), icon="message-question", why=words.question, outcomes=(),
        do_url=_answer,
    )  # fmt: skip
    kinds.register_about(ABOUT, _abouts)
    subjects.on_erase("customer", forget_words_about)


def _review(task: TaskFacts) -> str:
    from django.urls import reverse

    return reverse("protect:supervision_review", args=[task.about_part])


def _answer(task: TaskFacts) -> str:
    from django.urls import reverse

    return reverse("protect:supervision_answer", args=[task.about_part])


def _abouts(viewer: Viewer, ids: Collection[int]) -> Mapping[int, About]:
    from zhike.protect.supervision.queries import abouts

    return abouts(viewer, ids)

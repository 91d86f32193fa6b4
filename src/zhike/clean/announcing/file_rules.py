"""What the rules of the file announce: a right, acts, the nightly job, reviews as tasks."""

from django.utils.translation import gettext_lazy as _


def announce() -> None:
    """The right, acts, words of the job, the kind of task."""
    from zhike.clean.actions.file_rules import close_review
    from zhike.kit.jobs import reading
    from zhike.secure import audit_actions, permissions
    from zhike.work import kinds

    permissions.register("charge.manage", _("Rule who is in charge: key customers, reviews, handing over"))
    audit_actions.register("charge.rules_changed", _("Rules of the file changed"))
    reading.label("clean.review_files", _("Draw up reviews of files"))
    every = _("Last looked through %(days)s days ago; due every %(every)s days.")
    kinds.register(
        "file_review", _("Review of a file"), icon="checkup-list", queue="archive", close=close_review,
        why={"key_review": _("Key customer. Last looked through %(days)s days ago; due every %(every)s days."), "review": every},
        outcomes=(
            kinds.Outcome("in_order", _("In order")),
            kinds.Outcome("updated", _("Brought up to date")),
            kinds.Outcome("to_archive", _("To be archived")),
            kinds.Outcome("not_now", _("Not now"), "not_now"),
        ),
    )  # fmt: skip

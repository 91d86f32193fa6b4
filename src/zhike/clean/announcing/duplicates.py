"""What the search for duplicates announces: the part of the rail itself, its rights, acts, jobs and page."""

from django.utils.translation import gettext_lazy as _

_AUDITED = {
    "duplicates.searched": _("Search for duplicates asked for"),
    "duplicates.decided": _("Pair of files decided"),
    "duplicates.taken_back": _("Decision on a pair taken back"),
    "duplicates.bulk_started": _("Bulk merge begun"),
    "duplicates.bulk_undone": _("Bulk merge taken back"),
}
_JOBS = {
    "clean.find_duplicates": _("Find duplicates"),
    "clean.match_changes": _("Find duplicates of what is new"),
    "clean.bulk_merge": _("Merge many at once"),
    "clean.undo_bulk_merge": _("Take a bulk merge apart"),
    "reading_files": _("reading files"),
    "learning": _("learning from the base"),
    "pairing": _("finding pairs to look at"),
    "weighing": _("weighing pairs"),
    "keeping_pairs": _("keeping what is likely"),
    "merging_pairs": _("merging"),
    "taking_apart": _("taking apart"),
}


def announce() -> None:
    """Rights, words and the place in the rail; other parts of the module stand below the same item, from 57 on."""
    from zhike.api import scopes
    from zhike.clean.actions.forgetting_pairs import forget_pairs_of
    from zhike.clean.match.standing import refuse_settled, refuse_two_verified
    from zhike.customers.actions import on_machine_merge
    from zhike.kit.jobs import reading
    from zhike.secure import audit_actions, permissions, subjects

    permissions.register("clean.view", _("See duplicates"))
    permissions.register("clean.decide", _("Decide on duplicates"))
    permissions.register("clean.run", _("Search for duplicates and merge many at once"))
    scopes.register("duplicates:read", _("Read duplicates"), "clean.view")
    scopes.register("duplicates:write", _("Decide on duplicates"), "clean.view", "clean.decide", "customers.merge")
    audit_actions.register_object("bulk_merge", _JOBS["clean.bulk_merge"])
    for code, words in _AUDITED.items():
        audit_actions.register(code, words)
    for name, words in _JOBS.items():
        reading.label(name, words)
    reading.error_text("matching_memory", _("The base does not fit into the %(limit_mb)s MB the search may use."))
    reading.error_text("matching_failed", _("The search broke off (%(kind)s); nothing was changed."))
    on_machine_merge(refuse_settled)
    on_machine_merge(refuse_two_verified)
    _announce_tasks()
    subjects.on_erase("customer", forget_pairs_of)
    _place_in_the_frame()


def _announce_tasks() -> None:
    from django.urls import reverse

    from zhike.clean.actions.pair_tasks import DECIDE_PAIR
    from zhike.work import kinds

    said = _(
        "Two files that may be one, both confirmed by contact: look at both and say whether they are one customer."
    )
    kinds.register(
        DECIDE_PAIR,
        _("Two confirmed customers may be one"),
        icon="git-merge",
        queue="archive",
        why={"two_verified": said},
        outcomes=(),
        see="clean.view",
        act="clean.decide",
        do_url=lambda task: reverse("clean:review", args=[task.about_part]),
    )


def _place_in_the_frame() -> None:
    from zhike.ui.frame import command, nav_item

    under = ("/clean/",)
    nav_item(
        "clean",
        "Clean",
        "wash",
        "clean:duplicates",
        "clean.view",
        55,
        key="z",
        keywords="zhengli zl",
        under=under,
        count=_waiting,
    )
    marks = ("clean.duplicates", "Duplicates", "git-merge", "clean:duplicates", "clean.view", 56)
    nav_item(*marks, parent="clean", keywords="chongfu kehu cf", under=("/clean/duplicates/",))
    command(
        "clean.review", "Review duplicates", "git-merge", "clean:review_next", "clean.decide", keywords="chongfu hebing"
    )


def _waiting(viewer: object) -> int | None:
    from zhike.clean.queries import duplicates

    return duplicates.open_count()

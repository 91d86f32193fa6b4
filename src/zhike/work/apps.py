from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from zhike.work.records import TaskFacts


class WorkConfig(AppConfig):
    name = "zhike.work"
    label = "work"

    def ready(self) -> None:
        """Register rights, acts and scopes, and announce the page of tasks."""
        from zhike.api import scopes
        from zhike.secure import audit_actions, permissions
        from zhike.ui.frame import nav_item
        from zhike.work import kinds

        permissions.register("work.view", _("See tasks"))
        permissions.register("work.note", _("Close tasks and put them off"))
        permissions.register("work.assign", _("Give tasks to others"))
        audit_actions.register_object("task", _("Task"))
        kinds.register(kinds.BY_HAND, _("Task made by hand"), icon="checklist", why=_words)
        audit_actions.register("work.made", _("Task made by hand"))
        audit_actions.register("work.given", _("Task given to somebody"))
        audit_actions.register("work.put_off", _("Task put off"))
        audit_actions.register("work.closed", _("Task closed"))
        audit_actions.register("work.returned", _("Tasks of somebody who left given back"))
        scopes.register("tasks:read", _("Read tasks"), "work.view")
        scopes.register(
            "tasks:write", _("Make, close, give and put off tasks"), "work.view", "work.note", "work.assign"
        )
        nav_item(
            "work", "Tasks", "list-check", "work:tasks", "work.view", 15, key="t", keywords="daiban renwu", count=_mine
        )


def _words(viewer: object, task: "TaskFacts") -> str:
    from zhike.work.words import readable

    return readable(task.words)


def _mine(viewer: object) -> int | None:
    from typing import cast

    from zhike.secure.records import Viewer
    from zhike.work import queries

    return queries.my_count(cast(Viewer, viewer)) or None

"""The first steps of a new house, each with its state as the data tells it."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhike.customers import queries as customers
from zhike.desk.figures import Figures
from zhike.kit.installation import installation
from zhike.secure import queries as secure
from zhike.secure.records import Viewer


def address(name: str) -> str:
    """A page's address, or nothing while there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def steps(viewer: Viewer, figures: Figures) -> list[dict[str, Any]]:
    """Steps in order: words, where to go, and whether it is done. Those a viewer has no right to are not there."""
    has_source = any(not s.is_house for s in customers.sources())
    asked = (
        ("settings.edit", _("Name, time zone and currency"), _("A day and an amount mean what they mean in your shop."), "desk:settings", _("Set"), bool(installation().name)),
        ("sources.manage", _("First source"), _("Say where customers come from, and on what legal basis you keep them."), "collect:sources", _("Add"), has_source),
        ("collect.import", _("First import"), _("Bring in the export of your shop; nothing is lost, everything can be undone."), "collect:new", _("Import"), figures.customer_count > 0 or figures.order_count > 0),
        ("analyze.run", _("First RFM"), _("Who buys recently, often and much: eight classes from your own orders."), "analyze:rfm", _("Open"), figures.last_analysis_at is not None),
        ("worklist.view", _("First list to act on"), _("Whom to call today, and why."), "analyze:lists", _("Open"), figures.task_count > 0),
        ("", _("Second factor"), _("A code from your phone keeps a stolen password harmless."), "mfa_index", _("Add"), secure.has_second_factor(viewer)),
        ("backup.manage", _("Backup"), _("A copy of the data in another place, and one of the keys in a third."), "protect:backups", _("Open"), figures.is_backed_up),
    )  # fmt: skip
    return [
        {"title": title, "words": words, "url": address(page), "action": action, "done": done}
        for permission, title, words, page, action, done in asked
        if not permission or viewer.can(permission)
    ]

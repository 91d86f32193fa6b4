from typing import Any

from django.apps import AppConfig


class ReachConfig(AppConfig):
    name = "zhike.reach"
    label = "reach"

    def ready(self) -> None:
        """Rights, acts of the audit, words of jobs, erasure, pages."""
        from django.utils.translation import gettext_lazy as _

        from zhike.kit.jobs import reading
        from zhike.reach.actions.forgetting import forget_messages_of
        from zhike.secure import audit_actions, permissions, subjects

        for code, label in _permissions().items():
            permissions.register(code, label)
        for code, label in {
            "message.asked": _("Message asked for"),
            "message.cancelled": _("Message stopped"),
            "suppression.added": _("Address suppressed"),
            "suppression.lifted": _("Suppression lifted"),
            "template.made": _("Template made"),
            "template.changed": _("Template changed"),
            "reach.settings": _("Settings of sending changed"),
            "reach.tested": _("Test message sent"),
        }.items():
            audit_actions.register(code, label)
        for kind, label in {
            "message": _("Message"),
            "template": _("Template"),
            "suppression": _("Entry of the suppression list"),
        }.items():
            audit_actions.register_object(kind, label)
        reading.label("reach.deliver", _("Send a message"))
        subjects.on_erase("customer", forget_messages_of)
        _announce_pages()


def _permissions() -> dict[str, Any]:
    from django.utils.translation import gettext_lazy as _

    return {
        "reach.view": _("See messages"),
        "reach.send": _("Send messages"),
        "reach.templates": _("Write templates of messages"),
        "reach.manage": _("Manage sending and the suppression list"),
    }


def _announce_pages() -> None:
    from zhike.ui.frame import nav_item

    right = "reach.view"
    nav_item("reach", "Reach", "send", "reach:outbox", right, 55, keywords="chuda xiaoxi youjian", under=("/reach/",))
    nav_item(
        "reach.outbox", "Outbox", "mail-forward", "reach:outbox", right, 56, parent="reach", keywords="fajianxiang"
    )
    nav_item("reach.templates", "Templates", "template", "reach:templates", right, 57, parent="reach", keywords="moban")
    nav_item(
        "reach.suppressed", "Suppression list", "ban", "reach:suppressed", right, 58, parent="reach", keywords="tingfa"
    )
    nav_item("reach.settings", "Sending", "adjustments", "reach:settings", "reach.manage", 59, parent="reach", keywords="fasong shezhi")  # fmt: skip

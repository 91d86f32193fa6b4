from django.apps import AppConfig


class CollectConfig(AppConfig):
    name = "zhike.collect"
    label = "collect"

    def ready(self) -> None:
        """Make this module's acts known to the audit."""
        from django.utils.translation import gettext_lazy as _

        from zhike.secure import audit_actions

        audit_actions.register("import.stored", _("File taken in"))
        audit_actions.register("import.started", _("Import started"))
        audit_actions.register("import.done", _("Import done"))
        audit_actions.register("import.undo_started", _("Undoing of an import started"))
        audit_actions.register("import.rejects", _("Rows kept out downloaded"))

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectConfig(AppConfig):
    name = "zhike.protect"
    label = "protect"

    def ready(self) -> None:
        from zhike.kit.jobs import reading
        from zhike.protect.supervision import announcing
        from zhike.secure import permissions
        from zhike.secure.audit_actions import register, register_object
        from zhike.ui import frame

        permissions.register("everything.export", _("Move everything out"))
        register_object("backup", _("Backup"))
        register("everything.exported", _("Everything exported"))
        register("everything.imported", _("Everything imported"))

        permissions.register("keeping.manage", _("Set keeping periods and erase what is due"))
        register("keeping.rule_changed", _("Keeping period changed"))
        register("keeping.previewed", _("Keeping period previewed"))
        register("keeping.run", _("Erasing of what is due started"))
        register("keeping.done", _("What was due erased"))
        register("keeping.held", _("File held beyond its period"))
        register("keeping.hold_ended", _("Hold on a file ended"))
        reading.label("protect.preview_keeping", _("Preview of a keeping period"))
        reading.label("protect.run_keeping", _("Erase what is due"))
        reading.label("protect.nightly_keeping", _("Erase what is due tonight"))
        reading.label("looking_for_due_files", _("looking for files that are due"))
        frame.nav_item(
            "keeping", "Keeping periods", "hourglass", "protect:keeping", "keeping.manage", 94, "foot", parent="security",
            keywords="baocun qixian",
        )  # fmt: skip
        reading.label("protect.backup", _("Back up the data"))
        reading.label("protect.drill", _("Restore drill"))

        frame.nav_item(
            "backups", "Backups", "database-export", "protect:backups", "backup.manage", 94, "foot", parent="security"
        )
        _name_sealed_columns()
        announcing.announce()


def _name_sealed_columns() -> None:
    """Drills open a sample of each; the names are the database's own, since a restored copy knows no models."""
    from zhike.secure.subjects import SealedColumn, sealed_column

    sealed_column(
        SealedColumn("customers_sourceversion", "sealed", "id", "source_record_id", "customers_sourceversion.sealed")
    )
    sealed_column(
        SealedColumn(
            "customers_contactrecord", "cuttings", "id", "source_record_id", "customers_contactrecord.cuttings"
        )
    )
    sealed_column(
        SealedColumn("customers_attachment", "sealed", "id", "source_record_id", "customers_attachment.sealed")
    )
    sealed_column(SealedColumn("secure_consent", "evidence", "id", "record_id", "secure_consent.evidence"))
    sealed_column(SealedColumn("shop_orderversion", "sealed", "id", "sealed_record_id", "shop_orderversion.sealed"))

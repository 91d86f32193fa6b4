from django.apps import AppConfig


class ProtectConfig(AppConfig):
    name = "zhike.protect"
    label = "protect"

    def ready(self) -> None:
        from zhike.ui import frame

        frame.nav_item(
            "backups", "Backups", "database-export", "protect:backups", "backup.manage", 94, "foot", parent="security"
        )
        _name_sealed_columns()


def _name_sealed_columns() -> None:
    """Drills open a sample of each; the names are the database's own, since a restored copy knows no models."""
    from zhike.secure.subjects import SealedColumn, sealed_column

    sealed_column(
        SealedColumn("customers_sourceversion", "sealed", "id", "source_record_id", "customers_sourceversion.sealed")
    )
    sealed_column(SealedColumn("shop_orderversion", "sealed", "id", "sealed_record_id", "shop_orderversion.sealed"))

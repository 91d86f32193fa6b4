from django.apps import AppConfig


class ProtectConfig(AppConfig):
    name = "zhike.protect"
    label = "protect"

    def ready(self) -> None:
        from zhike.ui import frame

        frame.nav_item("backups", "Backups", "database-export", "protect:backups", "backup.manage", 94, "foot", parent="security")

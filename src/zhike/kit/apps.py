from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "zhike.kit"
    label = "kit"

    def ready(self) -> None:
        """Make the kit's own health checks known."""
        from zhike.kit import signs  # noqa: F401

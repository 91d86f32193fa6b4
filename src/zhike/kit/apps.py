from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "zhike.kit"
    label = "kit"

    def ready(self) -> None:
        """Make the kit's own health checks known, and its page."""
        from zhike.kit import signs  # noqa: F401
        from zhike.ui import frame

        frame.nav_item("jobs", "Background jobs", "clock-play", "kit:jobs", "jobs.view", 80, "foot", under=("/jobs/",))

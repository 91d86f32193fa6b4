from django.apps import AppConfig


class CleanConfig(AppConfig):
    name = "zhike.clean"
    label = "clean"

    def ready(self) -> None:
        """Say what this module's pages, acts and jobs are called: each part of it says its own in `announcing`."""
        from zhike.clean.announcing import duplicates, file_rules, funnel, quality, truth, verification

        duplicates.announce()
        quality.announce()
        verification.announce()
        truth.announce()
        funnel.announce()
        file_rules.announce()

from django.apps import AppConfig


class AnalyzeConfig(AppConfig):
    name = "zhike.analyze"
    label = "analyze"

    def ready(self) -> None:
        """Announce the pages to the frame."""
        from django.utils.translation import gettext_lazy as _

        from zhike.kit.jobs import reading
        from zhike.ui.frame import command, nav_item

        for name, label in (
            ("analyze.run_rfm", _("Analysis")),
            ("analyze.nightly", _("Nightly analysis")),
            ("analyze.compact", _("Rewrite the lake")),
        ):
            reading.label(name, label)
        reading.error_text("snapshot_failed", _("The database could not be read into the lake."))

        nav_item(
            "lists",
            "Today's lists",
            "checklist",
            "analyze:lists",
            "worklist.view",
            25,
            key="l",
            keywords="jinri qingdan",
            under=("/insight/lists/",),
            count=_open_entries,
        )
        nav_item("insight", "Insight", "chart-dots", "analyze:rfm", "analyze.view", 60, key="n", keywords="fenxi")
        nav_item("insight.rfm", "RFM", "grid-dots", "analyze:rfm", "analyze.view", 61, parent="insight")
        nav_item(
            "insight.runs",
            "Runs",
            "history",
            "analyze:runs",
            "analyze.view",
            62,
            parent="insight",
            keywords="yunxing lishi",
        )
        command(
            "analyze.new", "Run the analysis", "player-play", "analyze:new_run", "analyze.run", keywords="yunxing fenxi"
        )


def _open_entries(viewer: object) -> int | None:
    from typing import cast

    from zhike.analyze.records import LIST_KINDS
    from zhike.secure.records import Viewer
    from zhike.work import queries

    return sum(queries.open_counts(cast(Viewer, viewer), LIST_KINDS).values()) or None

"""Gauges of the lake and of analyses."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhike.analyze.lake_files import TableFolder
from zhike.analyze.lake_tables import LAKE_TABLES
from zhike.analyze.queries import latest_run
from zhike.analyze.snapshot import lake_folder
from zhike.kit import clock
from zhike.kit.gauges import Values, gauge


@gauge(
    "zhike_lake_seconds",
    _("Age of the lake: of its table that was read longest ago. Absent before the first snapshot."),
)
def lake() -> Values:
    """The age of the oldest table."""
    found = [TableFolder(lake_folder(), table.name).read() for table in LAKE_TABLES]
    read = [dt.datetime.fromisoformat(manifest.read_at) for manifest in found if manifest is not None]
    return (clock.now() - min(read)).total_seconds() if len(read) == len(LAKE_TABLES) else None


@gauge("zhike_lake_rows", _("Rows of the lake by table."), labels=("table",))
def rows() -> Values:
    """Rows by table, increments counted as rows of their own until the lake is rewritten."""
    found = {table.name: TableFolder(lake_folder(), table.name).read() for table in LAKE_TABLES}
    return {(name,): manifest.base_rows + manifest.delta_rows for name, manifest in found.items() if manifest}


@gauge("zhike_analysis_seconds", _("Since the last analysis ended; absent before the first."))
def analysis() -> Values:
    """The age of the newest finished run."""
    run = latest_run()
    return None if run is None or run.finished_at is None else (clock.now() - run.finished_at).total_seconds()

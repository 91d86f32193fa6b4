"""Gauges of the lake and of analyses."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from zhike.analyze.lake_files import Manifest, TableFolder
from zhike.analyze.lake_place import PlaceProblem
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
    read = [dt.datetime.fromisoformat(manifest.read_at) for manifest in _manifests().values()]
    return (clock.now() - min(read)).total_seconds() if len(read) == len(LAKE_TABLES) else None


@gauge("zhike_lake_rows", _("Rows of the lake by table."), labels=("table",))
def rows() -> Values:
    """Rows by table, increments counted as rows of their own until the lake is rewritten."""
    return {(name,): manifest.base_rows + manifest.delta_rows for name, manifest in _manifests().items()}


def _manifests() -> dict[str, Manifest]:
    """Of each table that was read, as this machine knows it; a place far away is not asked."""
    try:
        folder = lake_folder()
    except PlaceProblem:  # named wrongly: the doctor says so
        return {}
    found = {table.name: TableFolder(folder, table.name).read() for table in LAKE_TABLES}
    return {name: manifest for name, manifest in found.items() if manifest is not None}


@gauge("zhike_analysis_seconds", _("Since the last analysis ended; absent before the first."))
def analysis() -> Values:
    """The age of the newest finished run."""
    run = latest_run()
    return None if run is None or run.finished_at is None else (clock.now() - run.finished_at).total_seconds()

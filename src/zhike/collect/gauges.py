"""Gauges of imports."""

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from zhike.collect.models import ImportRun
from zhike.kit import clock
from zhike.kit.gauges import Values, gauge


@gauge("zhike_imports", _("Import runs by state."), labels=("state",))
def imports() -> Values:
    """Runs by state."""
    rows = ImportRun.objects.values_list("state").annotate(count=Count("id")).order_by()
    return {(state,): count for state, count in rows}


@gauge("zhike_import_rows_total", _("Rows of files taken in so far; its rate is the speed of imports."))
def rows() -> Values:
    """Rows over all runs."""
    return sum(counts.get("rows", 0) for counts in ImportRun.objects.values_list("counts", flat=True).iterator())


@gauge("zhike_import_rows_per_second", _("Speed of the import that runs, since its start; 0 when none runs."))
def speed() -> Values:
    """Rows a second of the running import."""
    run = ImportRun.objects.filter(state=ImportRun.RUNNING, started_at__isnull=False).order_by("-started_at").first()
    if run is None or run.started_at is None:
        return 0
    return run.counts.get("rows", 0) / max((clock.now() - run.started_at).total_seconds(), 1)

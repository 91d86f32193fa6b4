"""RejectRow: why a row of a run could not be recorded, or what is odd about it."""

from django.db import models


class RejectRow(models.Model):
    """A problem of a row: codes and safe parameters only; the row itself lies in the run's sealed file."""

    id = models.BigAutoField(primary_key=True)
    run_id = models.BigIntegerField()
    row_no = models.BigIntegerField()  # as a spreadsheet numbers it, the header being 1
    field = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    fatal = models.BooleanField()  # the row is not recorded

    class Meta:
        indexes = [models.Index("run_id", "row_no", name="rejects_of_run")]

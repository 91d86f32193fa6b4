"""Why customers stopped: the catalogue of reasons 停止交易原因, and what tracing found out about one customer."""

from django.db import models

from zhike.kit.rowid import RowId


class StopReason(models.Model):
    """A reason of the house, or a shipped one (`customers/stop_reasons.py`) that was renamed, moved or put away."""

    code = models.CharField(max_length=24, unique=True)
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    place = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)


class StopTrace(models.Model):
    """One step of tracing why a customer stopped; a fact, so it points at the house record. The newest reason counts."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField()
    on = models.DateField()
    reason = models.CharField(max_length=24, blank=True)  # a code of the catalogue; empty: found out nothing yet
    words = models.CharField(max_length=400, blank=True)  # identifiers are refused
    review_on = models.DateField(null=True)  # look again on this day
    staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source_record_id", "-on", "-id"], name="stop_traces_of_record")]

"""BulkMerge 批量合并: all pairs above a weight merged at once, each of which can be taken back."""

from django.db import models


class BulkMerge(models.Model):
    """One bulk: the weight it began at, what was merged, what was left to people and why."""

    QUEUED, RUNNING, DONE, UNDOING, UNDONE = "queued", "running", "done", "undoing", "undone"

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    at_least = models.FloatField()
    state = models.CharField(max_length=8, default=QUEUED)
    counts = models.JSONField(default=dict)  # merged, left (by reason), undone
    job_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

"""MatchRun 查重: one search for duplicates, over the whole base or over what has just changed."""

from django.db import models


class MatchRun(models.Model):
    """What a search looked at and found; its pairs are rows of their own."""

    FULL, CHANGES = "full", "changes"
    RUNNING, DONE, FAILED = "running", "done", "failed"

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default=RUNNING)
    error_code = models.CharField(max_length=40, blank=True)
    model_id = models.BigIntegerField(null=True)
    import_run_id = models.BigIntegerField(null=True)  # the import whose customers were looked at
    job_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # customers, pairs looked at, candidates, new, gone …
    capped = models.JSONField(default=list)  # [rule, records]: keys too many share; whose value it is, is not kept

    class Meta:
        indexes = [models.Index(fields=["kind", "-id"], name="match_runs_by_kind")]

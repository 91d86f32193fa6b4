"""AnalysisRun: one computation, with everything needed to read its result and to repeat it."""

from django.db import models


class AnalysisRun(models.Model):
    """A run of one kind of analysis. Its result per customer lies as Parquet in the lake's `runs` folder."""

    QUEUED, RUNNING, DONE, EMPTY, FAILED = "queued", "running", "done", "empty", "failed"

    id = models.BigIntegerField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=16)  # rfm
    as_of = models.DateField()
    parameters = models.JSONField()
    state = models.CharField(max_length=10, default=QUEUED)
    cuts = models.JSONField(default=dict)  # the cut points this run used
    counts = models.JSONField(default=dict)  # customers, orders, what was left out, classes, cells, movement
    data_at = models.DateTimeField(null=True)  # the lake's moment
    previous_id = models.BigIntegerField(null=True)  # the run its movement is measured from
    job_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    error = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "state", "-id"], name="runs_of_kind")]


class MovedCustomer(models.Model):
    """A customer whose class changed in the newest run: the people behind a cell of the movement table."""

    pk = models.CompositePrimaryKey("run_id", "customer_id")
    run_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    before = models.CharField(max_length=24)
    after = models.CharField(max_length=24)
    rank = models.IntegerField()  # 1: the greatest value among those who moved the same way

    class Meta:
        indexes = [models.Index(fields=["run_id", "before", "after", "rank"], name="moved_the_same_way")]

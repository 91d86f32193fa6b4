"""Jobs: work that must happen, its lease, its progress and its end."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of background work. `args` hold ids only, never personal values."""

    QUEUED, RUNNING, PAUSED, DONE, FAILED, CANCELLED = "queued", "running", "paused", "done", "failed", "cancelled"

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=160)
    lane = models.CharField(max_length=20)
    state = models.CharField(max_length=10, default=QUEUED)
    args = models.JSONField(default=dict)
    unique_key = models.CharField(max_length=200, null=True)
    by_staff_id = models.BigIntegerField(null=True)
    enqueued_at = models.DateTimeField()
    run_after = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, default="")
    wanted = models.CharField(max_length=10, default="")
    done_count = models.BigIntegerField(default=0)
    total_count = models.BigIntegerField(null=True)
    note = models.CharField(max_length=80, default="")
    cursor = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=80, default="")
    error_params = models.JSONField(default=dict)
    error_trace = models.TextField(default="")

    class Meta:
        db_table = "kit_job"
        constraints = [
            models.UniqueConstraint(fields=["unique_key"], condition=Q(state="queued"), name="kit_job_unique_queued"),
        ]
        indexes = [
            models.Index(
                fields=["lane", "state", "run_after"], condition=Q(state__in=["queued", "running"]), name="kit_job_open"
            ),
            models.Index(fields=["-enqueued_at", "-id"], name="kit_job_newest"),
        ]


class ScheduleMark(models.Model):
    """The last moment for which a scheduled entry was enqueued, so that a missed night runs after a restart."""

    name = models.CharField(max_length=160, primary_key=True)
    last_due_at = models.DateTimeField()

    class Meta:
        db_table = "kit_schedule_mark"

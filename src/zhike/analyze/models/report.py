"""Reports: dashboards mailed by the clock, and each mail to each recipient."""

from django.db import models

from zhike.analyze.models.dashboard import Dashboard
from zhike.kit.rowid import RowId


class BoardReport(models.Model):
    """A dashboard sent to staff every day, week or month at an hour of the shop. Each reads it with their own rights."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="reports")
    staff_id = models.BigIntegerField()  # who set it up
    recipient_ids = models.JSONField(default=list)  # staff
    rhythm = models.CharField(max_length=5)  # day, week, month
    on_day = models.SmallIntegerField(
        default=0
    )  # of the week from 0, Monday; of the month from 1, or its last if shorter
    hour = models.SmallIntegerField()
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField(null=True, db_index=True)  # none while paused
    created_at = models.DateTimeField()


class ReportMail(models.Model):
    """One mail of a report: a moment it was due and a recipient, once. Marked `sending` before the gateway is called."""

    id = RowId(primary_key=True)
    report = models.ForeignKey(BoardReport, models.CASCADE, related_name="mails")
    public_id = models.CharField(max_length=24, unique=True)  # stands in its Message-ID
    slot_at = models.DateTimeField()
    staff_id = models.BigIntegerField()
    state = models.CharField(max_length=8)  # waiting, sending, sent, skipped, failed, unknown
    why = models.CharField(max_length=24, blank=True)
    attempt_count = models.SmallIntegerField(default=0)
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "slot_at", "staff_id"], name="one_mail_per_slot")]
        indexes = [models.Index(fields=["state", "due_at"], name="report_mails_due")]

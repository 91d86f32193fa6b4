"""Keeping periods 保存期限: how long each class of files is kept, what holds one, what was done."""

from django.db import models


class KeepingRule(models.Model):
    """A class whose period differs from the shipped one, or that goes by itself every night."""

    code = models.CharField(max_length=16, primary_key=True)
    days = models.IntegerField()
    is_nightly = models.BooleanField(default=False)
    by_staff_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()


class KeepingHold(models.Model):
    """Somebody says that a file stays, whatever its period: a dispute, a lawsuit, an authority asks."""

    customer_id = models.BigIntegerField(db_index=True)
    reason = models.CharField(max_length=200)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class KeepingRun(models.Model):
    """A preview of a class, and the run that followed it."""

    PREVIEWING, PREVIEWED, RUNNING, DONE = "previewing", "previewed", "running", "done"

    public_id = models.CharField(max_length=24, unique=True)
    code = models.CharField(max_length=16)
    state = models.CharField(max_length=12, default=PREVIEWING)
    before = models.DateTimeField()  # what nobody had a reason to keep since
    due_count = models.IntegerField(default=0)
    held = models.JSONField(default=dict)  # {why: count}
    sample = models.JSONField(default=list)  # file numbers
    erased_count = models.IntegerField(default=0)
    job_id = models.BigIntegerField(null=True)
    is_nightly = models.BooleanField(default=False)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

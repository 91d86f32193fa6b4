"""An act on many customers, and what it changed, so that it can be taken back."""

from django.db import models


class BulkAct(models.Model):
    """Tag, untag, give an owner, a stage or a value to a selection; a job carries it out in the name of who asked."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField()
    act = models.CharField(max_length=12)  # tag, untag, owner, stage, field
    tag = models.CharField(max_length=40, blank=True)
    owner_staff_id = models.BigIntegerField(null=True)
    field = models.CharField(max_length=60, blank=True)
    value = models.CharField(max_length=400, blank=True)  # a stage, or what an open field gets; empty clears it
    selected_ids = models.JSONField(default=list)  # the ticked ones; empty: all that `query` matches
    query = models.CharField(max_length=1000, blank=True)
    job_id = models.BigIntegerField(null=True)
    changed_count = models.BigIntegerField(default=0)
    kept_count = models.BigIntegerField(default=0)  # changed again by somebody since: an undoing leaves them
    state = models.CharField(max_length=10, default="asked")  # asked, done, undoing, undone
    created_at = models.DateTimeField()

    class Meta:
        db_table = "desk_bulk_act"


class BulkChange(models.Model):
    """One customer an act changed, and what stood there before."""

    pk = models.CompositePrimaryKey("act_id", "customer_id")
    act_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    # Owners: the owner before. Tags taken off: who had put it on. Fields: the version the act made.
    before_id = models.BigIntegerField(null=True)
    before = models.CharField(max_length=40, blank=True)  # stages: the one before. Tags taken off: since when

    class Meta:
        db_table = "desk_bulk_change"


class HandedTask(models.Model):
    """A task that went along with its customer in a hand-over, and whose it was before."""

    pk = models.CompositePrimaryKey("act_id", "task_id")
    act_id = models.BigIntegerField()
    task_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    owner_staff_id = models.BigIntegerField(null=True)
    assigned_by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "desk_handed_task"
        indexes = [models.Index(fields=["act_id", "customer_id"], name="handed_tasks_of_act")]


class ExactCount(models.Model):
    """How many customers a list's query matches, counted to the end by a job for one person."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField()
    query = models.CharField(max_length=1000, blank=True)
    number = models.BigIntegerField(null=True)  # null: still counting
    job_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "desk_exact_count"

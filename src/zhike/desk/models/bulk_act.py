"""An act on many customers, and what it changed, so that it can be taken back."""

from django.db import models


class BulkAct(models.Model):
    """Tag, untag or give an owner to a selection; a job carries it out in the name of who asked."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField()
    act = models.CharField(max_length=12)  # tag, untag, owner
    tag = models.CharField(max_length=40, blank=True)
    owner_staff_id = models.BigIntegerField(null=True)
    selected_ids = models.JSONField(default=list)  # the ticked ones; empty: all that `query` matches
    query = models.CharField(max_length=1000, blank=True)
    job_id = models.BigIntegerField(null=True)
    changed_count = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default="asked")  # asked, done, undoing, undone
    created_at = models.DateTimeField()

    class Meta:
        db_table = "desk_bulk_act"


class BulkChange(models.Model):
    """One customer an act changed, with the owner it had before (acts on owners)."""

    pk = models.CompositePrimaryKey("act_id", "customer_id")
    act_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    before_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "desk_bulk_change"

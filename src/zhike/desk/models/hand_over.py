"""Hand-over 交接: files given from one owner to another, with what was ticked off."""

from django.db import models


class HandOver(models.Model):
    """One hand-over. The files and the way back are those of its act (`BulkAct`)."""

    public_id = models.CharField(max_length=24, unique=True)
    act_public_id = models.CharField(max_length=24)
    from_staff_id = models.BigIntegerField(null=True)  # null: files of several owners, or of nobody
    to_staff_id = models.BigIntegerField(null=True)  # null: to nobody
    checklist = models.JSONField(default=dict)  # {code: ticked}
    note = models.CharField(max_length=400, blank=True)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

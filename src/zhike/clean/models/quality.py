"""What quality keeps: rules that differ from the shipped ones, and one small row a day."""

from django.db import models

from zhike.kit.rowid import RowId


class QualityRule(models.Model):
    """A rule of the product that was changed (`code` names it), or one of the merchant's own."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    code = models.CharField(max_length=120, unique=True)
    field = models.CharField(max_length=80)
    check_kind = models.CharField(max_length=16)
    threshold = models.IntegerField(default=0)  # days, characters or a number, as the check says
    severity = models.CharField(max_length=8)
    kind = models.CharField(max_length=12, blank=True)
    stages = models.JSONField(default=list)
    is_on = models.BooleanField(default=True)
    by_staff_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()


class QualityDay(models.Model):
    """What the check of one day found. Totals stay; the part by field and group is kept for the newest day alone."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    day = models.DateField(unique=True)
    customers = models.IntegerField(default=0)
    score = models.FloatField(null=True)  # mean of the files, 0 to 100
    totals = models.JSONField(
        default=dict
    )  # {"fields": {field: {dimension: [good, of]}}, "source": {id: {…}}, "owner": {…}}
    detail = models.JSONField(default=dict)  # {"source": {id: {field: {dimension: [good, of]}}}, "owner": {…}}
    measured_at = models.DateTimeField()

"""What sources brought, as last counted, and the hours people worked for them."""

from django.db import models


class SourceFigures(models.Model):
    """The figures of a source as the last count found them."""

    source_id = models.BigIntegerField(primary_key=True)
    counted_at = models.DateTimeField()
    figures = models.JSONField(default=dict)


class SourceWork(models.Model):
    """Time somebody spent on collecting from a source."""

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField(db_index=True)
    worked_on = models.DateField()
    minutes = models.IntegerField()
    note = models.CharField(max_length=120, blank=True)
    by_staff_id = models.BigIntegerField(null=True)

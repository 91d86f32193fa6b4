"""What sources brought, as last counted, the hours people worked for them, and what collectors earned by it."""

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


class Incentive(models.Model):
    """激励台账: what a member of staff earned by the records collected for a source in a period. Rows are only added;
    one taken back stays, with the day. The amount is a cost of the source."""

    id = models.BigAutoField(primary_key=True)
    source_id = models.BigIntegerField(db_index=True)
    staff_id = models.BigIntegerField()
    from_on = models.DateField()
    until_on = models.DateField()
    record_count = models.IntegerField()  # those that counted: without what a truth check found invented
    rate_cents = models.BigIntegerField()  # for each record
    note = models.CharField(max_length=120, blank=True)
    booked_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    @property
    def amount_cents(self) -> int:
        """What was earned."""
        return self.record_count * self.rate_cents

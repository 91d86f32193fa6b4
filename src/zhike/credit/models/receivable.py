"""Receivable 应收账款: one invoice, and what was paid of it."""

from django.db import models

from zhike.kit.rowid import RowId


class Receivable(models.Model):
    """What a customer owes us by one invoice. A number stands once on a record; telling it again says how far it is paid."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField()
    number = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    issued_on = models.DateField(null=True)
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()
    paid_cents = models.BigIntegerField(default=0)
    paid_on = models.DateField(null=True)  # the day the last of it came
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("source_record_id", "number", name="one_receivable_per_number")]
        indexes = [models.Index("source_record_id", "due_on", name="receivables_of_record")]

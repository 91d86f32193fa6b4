"""Who is in charge of a file 专管: deputy, second reader, key customer, reviews, and every owner it ever had."""

from django.db import models

from zhike.kit.rowid import RowId


class FileCharge(models.Model):
    """What rules of the file add to a customer: a deputy, a second reader, whether it is a key customer, its last review."""

    customer_id = RowId(primary_key=True)
    deputy_staff_id = models.BigIntegerField(null=True, db_index=True)
    reader_staff_id = models.BigIntegerField(null=True, db_index=True)  # the second reader 复核人
    key_by = models.CharField(max_length=8, blank=True, db_index=True)  # hand, rule; empty: no key customer
    reviewed_at = models.DateTimeField(null=True)
    review_outcome = models.CharField(max_length=12, blank=True)
    changed_at = models.DateTimeField()


class ChargeChange(models.Model):
    """Somebody else is owner, deputy or second reader of a customer from a moment on."""

    id = RowId(primary_key=True)
    customer_id = models.BigIntegerField()
    part = models.CharField(max_length=8)  # owner, deputy, reader
    before_staff_id = models.BigIntegerField(null=True)
    after_staff_id = models.BigIntegerField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer_id", "-id"], name="charge_of_customer")]


class FileReview(models.Model):
    """A periodic review of a file, and what came of it."""

    id = RowId(primary_key=True)
    customer_id = models.BigIntegerField()
    outcome = models.CharField(max_length=12)  # in_order, updated, to_archive
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["customer_id", "-id"], name="reviews_of_customer")]

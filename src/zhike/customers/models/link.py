"""Link: why a source record stands on a customer's file, so that a join can be undone."""

from django.db import models

from zhike.kit.rowid import RowId


class Link(models.Model):
    """A source record moved to a customer, with the reason and the way back."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField(db_index=True)
    from_customer_id = models.BigIntegerField(null=True)  # null: the record was new
    to_customer_id = models.BigIntegerField(db_index=True)
    why = models.CharField(max_length=40)  # same_phone, same_email, same_account, by_hand …
    run_id = models.BigIntegerField(null=True, db_index=True)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

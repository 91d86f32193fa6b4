"""OldCard: the card a customer had while they stood at a stage, as it was when they moved on."""

from django.db import models

from zhike.kit.rowid import RowId


class OldCard(models.Model):
    """It holds no value of the customer: `origins` says which version stated each field then, and versions are kept.

    So an old card is sealed, masked and erased with the statements it points at. `figures` are codes, counts, cents and days.
    `customer_id` is the customer as it was then; reads go by root.
    """

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    customer_id = models.BigIntegerField(db_index=True)
    kind = models.CharField(max_length=12)  # potential, current
    stage = models.CharField(max_length=16)  # the one that was left
    next_stage = models.CharField(max_length=16)
    closed_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)
    origins = models.JSONField()  # {field: version id}
    figures = models.JSONField()
    owner_staff_id = models.BigIntegerField(null=True)
    tag_ids = models.JSONField(default=list)

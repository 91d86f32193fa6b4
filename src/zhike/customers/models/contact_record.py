"""ContactRecord 公司投入记录: one touch by the company, with its cost and result."""

from django.db import models

from zhike.kit.rowid import RowId


class ContactRecord(models.Model):
    """A contact with a customer; a fact, so it points at the customer's house record."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField()
    at = models.DateTimeField()
    way = models.CharField(max_length=24)  # call, visit, chat, mail, message, meeting, event, gift
    place = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=60, blank=True)
    offer = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=24)  # done, not_now, wrong, reached, not_reached
    note = models.TextField(blank=True)  # identifiers are cut out before it is stored
    cuttings = models.BinaryField(null=True)  # what was cut out, sealed under the house record's key
    cost_cents = models.BigIntegerField(default=0)
    minutes = models.IntegerField(null=True)
    next_step_on = models.DateField(null=True)
    task_id = models.BigIntegerField(null=True)
    step = models.CharField(max_length=12, blank=True, db_default="")  # of the five before a sale
    staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    change_seq = models.BigIntegerField(db_default=0, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["source_record_id", "-at"], name="contacts_of_record")]

"""What somebody who builds a segment wants counted: their newest rule, and its answer."""

from django.db import models

from zhike.kit.rowid import RowId


class SegmentQuestion(models.Model):
    """One row a person. `number` grows with each question; `answered` is the number the answer belongs to."""

    staff_id = RowId(primary_key=True)
    number = models.BigIntegerField(default=0)
    rule = models.JSONField()
    own = models.CharField(max_length=24, blank=True)  # the segment being changed, which its rule may not name
    owner_ids = models.JSONField(null=True)  # the scope of the person; null: all customers
    is_fresh = models.BooleanField(default=False)  # read what changed into the lake first
    asked_at = models.DateTimeField()
    answered = models.BigIntegerField(default=0)
    answer = models.JSONField(default=dict)

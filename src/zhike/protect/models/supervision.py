"""Supervision 监督抽查: of what staff looked at a share is drawn, and a colleague judges whether there was a reason."""

from django.db import models

from zhike.kit.rowid import RowId


class SupervisionRule(models.Model):
    """One row: how large a share is drawn, and until when it was drawn last."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    is_on = models.BooleanField(default=True)
    usual_share = models.FloatField(default=0.05)
    doubtful_share = models.FloatField(default=0.2)  # of who had a look without a reason among the last judged
    most_each = models.IntegerField(default=10)  # looks of one person in one draw
    period_days = models.IntegerField(default=7)
    drawn_until = models.DateTimeField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()


class DisclosureReview(models.Model):
    """One look to judge: what was asked of the person who looked, what they said, and what came of it."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    event_id = models.BigIntegerField(unique=True)  # the look in the audit, which says what was seen
    staff_id = models.BigIntegerField()
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    looked_at = models.DateTimeField()
    drawn_at = models.DateTimeField()
    question = models.TextField(blank=True, default="")  # identifiers are cut out of all three
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True, default="")  # founded, unfounded, breach; or open
    note = models.TextField(blank=True, default="")
    by_staff_id = models.BigIntegerField(null=True)
    noted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["staff_id", "-id"], name="reviews_of_person"),
            models.Index(fields=["object_kind", "object_id"], name="reviews_of_thing"),
        ]

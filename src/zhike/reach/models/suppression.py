"""Suppression list 停发名单: addresses nothing is sent to, as keyed digests."""

from django.db import models
from django.db.models import Q

from zhike.kit.rowid import RowId


class Suppression(models.Model):
    """One address, for one purpose or for all. The address itself is nowhere; it is found again by its digest."""

    id = RowId(primary_key=True)
    digest = models.BinaryField(max_length=16)
    purpose = models.CharField(max_length=40, blank=True)  # empty: for every purpose
    reason = models.CharField(max_length=16)  # unsubscribed, hard_bounce, complaint, by_hand
    message_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by_staff_id = models.BigIntegerField(null=True)
    lifted_why = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["digest", "purpose"], condition=Q(lifted_at=None), name="suppressed_once")
        ]

"""Merge: two customers are one, and the way back. Standing: what each of a merged group was by itself."""

from django.db import models
from django.db.models import F, Q

from zhike.kit.rowid import RowId


class Merge(models.Model):
    """One customer was absorbed by another; both were roots then. Who is whose root follows from the rows not undone."""

    id = RowId(primary_key=True)
    absorbed_id = models.BigIntegerField()
    survivor_id = models.BigIntegerField(db_index=True)
    why = models.CharField(max_length=40)  # by_hand, reviewed, above_threshold …
    evidence = models.JSONField(default=dict)  # codes and weights; never a value of a person
    by_staff_id = models.BigIntegerField(null=True)
    is_by_machine = models.BooleanField(default=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(absorbed_id=F("survivor_id")), name="nobody_absorbs_themselves"),
            models.UniqueConstraint(
                fields=["absorbed_id"], condition=Q(undone_at=None), name="absorbed_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["absorbed_id", "-at"], name="merges_of_absorbed")]


class Standing(models.Model):
    """Owner and stage of one customer of a merged group as they are of its own; while it stands alone its card holds them."""

    customer_id = RowId(primary_key=True)
    owner_staff_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)
    stage = models.CharField(max_length=16)
    is_owner_decided = models.BooleanField(
        default=False
    )  # staff took the owner away on the merged file: nobody, on purpose
    had_orders = models.BooleanField(default=False)  # when it was merged: a first order since then moves its stage

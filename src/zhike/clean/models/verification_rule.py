"""VerificationRule: whose values are to be verified, and which."""

from typing import ClassVar

from django.db import models

from zhike.kit.rowid import RowId


class VerificationRule(models.Model):
    """Customers picked by one sign, and the field to ask them about; a job draws tasks from the rules that are on."""

    KEY, RECENT, OLD = "key", "recent", "old"

    id = RowId(primary_key=True)
    who = models.CharField(max_length=12)  # key customers, large recent buyers, values said long ago
    field = models.CharField(max_length=60)
    net_min_cents = models.BigIntegerField(default=0)  # recent: bought for at least so much in all
    last_days = models.IntegerField(default=0)  # recent: the last order lies at most so many days back
    older_days = models.IntegerField(default=0)  # old: last said at least so many days ago
    most = models.IntegerField(default=50)  # open tasks of this rule at a time
    due_days = models.IntegerField(default=7)
    is_on = models.BooleanField(default=True)
    by_staff_id = models.BigIntegerField(null=True)  # who made it
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[models.Manager["VerificationRule"]] = models.Manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "field"], name="one_rule_of_a_sort")]

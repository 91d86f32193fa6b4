"""Rules of credit: weights of the scorecards and of limits, each version kept with who made it and why."""

from django.db import models

from zhike.kit.rowid import RowId


class CreditRule(models.Model):
    """One version of a rule. `kind`: 5c, 5p, 6a (weights in percent by factor) or limits; the newest counts."""

    id = RowId(primary_key=True)
    kind = models.CharField(max_length=8)
    version = models.IntegerField()
    payload = models.JSONField()
    why = models.CharField(max_length=200, blank=True)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("kind", "version", name="one_version_of_a_credit_rule")]

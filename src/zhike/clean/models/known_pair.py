"""KnownPair: what people know of two customers for ever: that they are not one, or that they share a household."""

from django.db import models


class KnownPair(models.Model):
    """Kept on the two customers as they were then, so that it holds whatever is merged around them."""

    NOT_SAME, SAME_HOUSEHOLD = "not_same", "same_household"

    id = models.BigAutoField(primary_key=True)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField(db_index=True)
    says = models.CharField(max_length=16)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("low_id", "high_id", name="one_knowledge_per_pair")]

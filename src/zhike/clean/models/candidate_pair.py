"""CandidatePair 疑似重复: two files that may be one customer, and what people said of them."""

from django.db import models


class CandidatePair(models.Model):
    """A pair of customers, the smaller id first. Weights as codes and numbers: no value of anybody lies here."""

    OPEN, MERGED, NOT_SAME, SAME_HOUSEHOLD, SKIPPED = "open", "merged", "not_same", "same_household", "skipped"
    SCORED, CONFLICT = "scored", "conflict"

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField(db_index=True)
    weight = models.FloatField()  # log2 of the odds that it is one customer
    probability = models.FloatField()
    parts = models.JSONField()  # [comparison, level, weight] each; level "" where nothing is known
    origin = models.CharField(max_length=8, default=SCORED)  # conflict: an exact identifier several files share
    model_id = models.BigIntegerField(null=True)
    run_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=16, default=OPEN)
    decided_by_staff_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    merge_id = models.BigIntegerField(null=True)
    bulk_id = models.BigIntegerField(null=True)
    found_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("low_id", "high_id", name="one_candidate_per_pair")]
        indexes = [
            models.Index(fields=["state", "-weight", "id"], name="candidates_by_weight"),
            models.Index(fields=["state", "-decided_at", "id"], name="candidates_by_decision"),
        ]

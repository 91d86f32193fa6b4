"""Receipt: what came of a request with an Idempotency-Key, so that its repetition is answered alike."""

from django.db import models


class Receipt(models.Model):
    """Status, ids, codes and counts of an answer; never a body that was sent and never a personal value."""

    RUNNING = 0

    token_id = models.BigIntegerField()
    key_digest = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)  # digest of method, address and body
    body_digest = models.CharField(max_length=64, blank=True)  # of a file, known once it came
    status = models.PositiveSmallIntegerField(default=RUNNING)
    location = models.CharField(max_length=200, blank=True)
    answer = models.JSONField(null=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("token_id", "key_digest", name="one_receipt_per_token_and_key")]

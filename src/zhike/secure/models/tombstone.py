"""What was erased, so that restoring an older backup does not bring it back. Lies in the keyring: data grows old, keys do not."""

from django.db import models


class Tombstone(models.Model):
    """One erased subject; replayed after every restore. Holds an id and a reason code, nothing about the person."""

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    reason = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        db_table = "keyring_tombstone"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="one_tombstone_per_subject")]

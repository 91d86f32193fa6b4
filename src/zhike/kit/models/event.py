"""Which durable handler has already taken which event."""

from django.db import models


class HandledEvent(models.Model):
    """Written in the transaction of the handler, so that its effects happen exactly once."""

    event_id = models.CharField(max_length=32)
    handler = models.CharField(max_length=160)
    handled_at = models.DateTimeField()

    class Meta:
        db_table = "kit_handled_event"
        constraints = [models.UniqueConstraint(fields=["event_id", "handler"], name="kit_handled_once")]
        indexes = [models.Index(fields=["handled_at"], name="kit_handled_at")]

"""Message 消息: one thing sent, or not sent, to one customer; and each call of the gateway for it."""

from django.db import models

from zhike.kit.rowid import RowId
from zhike.reach.models.template import TemplateVersion


class Message(models.Model):
    """Stored once by its key. A fact, so it points at a source record; no address is here, only its keyed digest."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    key = models.CharField(max_length=160, unique=True)
    digest = models.CharField(max_length=64)  # of what was asked: the same key for something else is refused
    source_record_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    version = models.ForeignKey(TemplateVersion, models.PROTECT)
    language = models.CharField(max_length=10)
    facts = models.JSONField(default=dict)  # what the template's variables stand for, besides the customer's own
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=24, blank=True)
    checks = models.JSONField(default=list)  # [[code, passed, why], …] of the last time it was judged
    checked_at = models.DateTimeField(null=True)
    address_digest = models.BinaryField(max_length=16, null=True)
    attempt_count = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["source_record_id", "-created_at"], name="messages_of_record"),
            models.Index(fields=["state", "-id"], name="messages_by_state"),
            models.Index(fields=["purpose", "-id"], name="messages_by_purpose"),
        ]


class Attempt(models.Model):
    """One call of the gateway. Written before the call without an outcome, so that a call nobody came back from is known."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    number = models.SmallIntegerField()
    channel = models.CharField(max_length=16)
    at = models.DateTimeField()
    outcome = models.CharField(
        max_length=10, blank=True
    )  # sent, later, bounced, refused, unknown; empty: still calling
    code = models.CharField(
        max_length=24, blank=True
    )  # the gateway's answer as a code, never its words: they hold addresses
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "number"], name="one_attempt_per_number")]

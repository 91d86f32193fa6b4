"""The audit: who did what to what, when and from where; and the seals that chain it. Both tables only grow (triggers)."""

from django.db import models


class AuditEvent(models.Model):
    """One act. `detail` holds ids and codes, never values; `mac` authenticates the row under the audit key."""

    uid = models.CharField(max_length=24, unique=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor = models.CharField(max_length=120)
    session = models.CharField(max_length=16, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=60)
    object_kind = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    field = models.CharField(max_length=60, blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=12, default="ok")
    detail = models.JSONField(default=dict)
    mac = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index("actor_id", "action", "at", name="audit_by_actor"),
            models.Index("action", "id", name="audit_by_action"),
            models.Index("object_kind", "object_id", "id", name="audit_by_object"),
            models.Index("at", name="audit_by_time"),
        ]


class AuditSeal(models.Model):
    """A link of the chain: covers the events from `first_id` to `last_id`, and the link before by its MAC."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.BigIntegerField()
    root = models.CharField(max_length=64)
    prev_mac = models.CharField(max_length=64)
    mac = models.CharField(max_length=64)

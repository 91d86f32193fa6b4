"""Token: what a program shows instead of a person signing in."""

from django.db import models


class Token(models.Model):
    """A token of one member of staff. Only a hash is kept, so a copy of the database opens nothing."""

    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    staff_id = models.BigIntegerField(db_index=True)  # who made it; it acts with their rights, never with more
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of a text of 256 random bits
    hint = models.CharField(max_length=12)  # its beginning, to tell tokens apart
    scopes = models.JSONField(default=list)
    networks = models.JSONField(default=list)  # addresses it may come from; empty: any
    requests_a_minute = models.PositiveIntegerField(default=600)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_id = models.BigIntegerField(null=True)

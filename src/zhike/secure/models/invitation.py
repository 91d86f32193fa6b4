"""Links that let somebody set a password: invitations of new staff and resets; no mail server needed."""

from django.db import models


class Invitation(models.Model):
    """A single-use link. Only a hash of its token is kept, so a copy of the database opens no account."""

    staff = models.ForeignKey("secure.Staff", on_delete=models.CASCADE, related_name="invitations")
    purpose = models.CharField(max_length=8, default="join")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

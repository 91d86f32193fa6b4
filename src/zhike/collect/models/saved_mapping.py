"""SavedMapping: a mapping somebody made on the page and keeps under a name."""

from django.db import models


class SavedMapping(models.Model):
    """A mapping file of the house; a later file with the same columns is recognized by it."""

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=16)
    text = models.TextField()  # YAML
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()

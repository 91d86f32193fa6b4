"""Counters that must outlive a restart: failed sign-ins, exact lookups."""

from django.db import models


class Tally(models.Model):
    """One entry of the protection cache; the value is JSON."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.JSONField()
    expires_at = models.FloatField(null=True, db_index=True)

"""The one row that says which merchant this installation belongs to."""

from django.db import models


class InstallationRow(models.Model):
    """Name, time zone and currency of the shop."""

    id = models.SmallIntegerField(primary_key=True)
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kit_installation"

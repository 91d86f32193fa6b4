"""Dashboards: tiles a person put together under a name."""

from django.db import models


class Dashboard(models.Model):
    """Tiles in their order, by one person, for that person, their team, a role or everybody. Holds no figures."""

    id = models.BigIntegerField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    staff_id = models.BigIntegerField(db_index=True)
    sharing = models.CharField(max_length=60, blank=True, db_index=True)  # nobody else, team, role:CODE, all
    tiles = models.JSONField(default=list)
    created_at = models.DateTimeField()

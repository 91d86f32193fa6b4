"""Counters that hand out numbers: ids by block, and the change sequence of snapshotted tables."""

from django.db import models


class IdBlock(models.Model):
    """One row per id space: the next id not yet handed to any process."""

    space = models.CharField(max_length=40, primary_key=True)
    next_id = models.BigIntegerField()

    class Meta:
        db_table = "kit_id_block"


class ChangeCounter(models.Model):
    """The one row SQLite counts changes in (PostgreSQL uses its own transaction ids)."""

    id = models.SmallIntegerField(primary_key=True)
    value = models.BigIntegerField()

    class Meta:
        db_table = "kit_change_counter"

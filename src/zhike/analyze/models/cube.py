"""What was asked of the cube: answers kept for a day, and the questions people keep under a name."""

from django.db import models


class CubeAnswer(models.Model):
    """One question of one circle of sight. Counts, sums and ids of customers; thrown away after a day."""

    key = models.CharField(max_length=40, primary_key=True)
    asked = models.JSONField()  # the question, the scope, the day, the cell whose customers are wanted
    answer = models.JSONField(null=True)
    is_fresh = models.BooleanField(default=False)  # read what changed into the lake first
    asked_at = models.DateTimeField(db_index=True)


class CubeView(models.Model):
    """A question kept under a name, by one person, for that person or for everybody."""

    id = models.BigIntegerField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=60)
    question = models.JSONField()
    staff_id = models.BigIntegerField(db_index=True)
    is_shared = models.BooleanField(default=False, db_index=True)
    created_at = models.DateTimeField()

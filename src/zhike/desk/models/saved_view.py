"""Saved views: a register's address with a name, and the columns a person chose."""

from django.db import models


class SavedView(models.Model):
    """A named filter and order of the register; the query is that of its address, so it holds no names of customers."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "desk_saved_view"
        constraints = [models.UniqueConstraint(fields=["staff_id", "name"], name="desk_one_view_per_name")]


class RegisterLayout(models.Model):
    """The columns one person sees on the register, in order."""

    staff_id = models.BigIntegerField(primary_key=True)
    columns = models.JSONField(default=list)

    class Meta:
        db_table = "desk_register_layout"

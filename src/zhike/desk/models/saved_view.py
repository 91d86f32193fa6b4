"""Saved views: a register's address with a name, and the columns a person chose."""

from django.db import models


class SavedView(models.Model):
    """A named filter, order and choice of columns; the query is that of its address, so it holds no names of customers."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    columns = models.JSONField(default=list)  # empty: the reader's own
    shared_with = models.CharField(max_length=8, blank=True)  # nobody else, team, all
    place = models.IntegerField(default=0)  # among the tabs of who made it
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # kept so that a removal can be taken back

    class Meta:
        db_table = "desk_saved_view"
        constraints = [
            models.UniqueConstraint(
                fields=["staff_id", "name"], condition=models.Q(removed_at=None), name="desk_one_view_per_name"
            )
        ]


class RegisterLayout(models.Model):
    """The columns one person sees on the register, in order, and the view they begin with."""

    staff_id = models.BigIntegerField(primary_key=True)
    columns = models.JSONField(default=list)
    first_view = models.CharField(max_length=24, blank=True)  # a view's public id; empty: everybody

    class Meta:
        db_table = "desk_register_layout"

"""The file in three views: what each shows first, and who reads which."""

from django.db import models


class FileView(models.Model):
    """A view an administrator laid out anew; without a row it stands as shipped (`desk/file_views.py`)."""

    code = models.CharField(max_length=10, primary_key=True)  # sales, service, company
    groups = models.JSONField(default=list)  # codes of the groups of values shown first, in their order
    panes = models.JSONField(default=list)  # codes of the panes on the right, in their order
    updated_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "desk_file_view"


class FileViewOfTeam(models.Model):
    """The view the people of a team open files in."""

    team_id = models.BigIntegerField(primary_key=True)
    view = models.CharField(max_length=10)

    class Meta:
        db_table = "desk_file_view_of_team"


class FileViewOfStaff(models.Model):
    """The view a person chose for themselves."""

    staff_id = models.BigIntegerField(primary_key=True)
    view = models.CharField(max_length=10)

    class Meta:
        db_table = "desk_file_view_of_staff"

"""Who looked at what: unchained and short, beside the audit, because every page would make an event."""

from django.db import models

from zhike.kit.rowid import RowId


class AccessNote(models.Model):
    """Somebody opened something: whose file, what of it, coming from where."""

    id = RowId(primary_key=True)
    about_kind = models.CharField(max_length=16)
    about_id = models.BigIntegerField()
    staff_id = models.BigIntegerField()
    what = models.CharField(max_length=16)  # file, printed …
    came_from = models.CharField(max_length=16)  # what it was opened for, by the page before: search, task, list …
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["about_kind", "about_id", "-id"], name="who_saw_it"),
            models.Index(fields=["staff_id", "-id"], name="what_one_saw"),
            models.Index(fields=["at"], name="access_by_time"),
        ]

"""The history of backups, keyring copies and drills; and a sealed canary every backup carries."""

from django.db import models


class BackupRun(models.Model):
    """One backup, keyring copy or restore drill, and how it ended. `code` names the fault when it did not end well."""

    kind = models.CharField(max_length=8)  # data, keyring, drill
    at = models.DateTimeField(db_index=True)
    file = models.CharField(max_length=400, blank=True)
    size_bytes = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    is_ok = models.BooleanField(default=True)
    code = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    by_staff_id = models.BigIntegerField(null=True)


class Canary(models.Model):
    """A sealed value whose content is known: if today's keyring opens it in a restored backup, keys and data fit."""

    id = models.BigIntegerField(primary_key=True)
    record_id = models.BigIntegerField()
    sealed = models.BinaryField()

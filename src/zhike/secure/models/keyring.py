"""The keyring: one wrapped data key per source record, one per sealed file. In a database of its own, never in data backups."""

from django.db import models


class RecordKey(models.Model):
    """The key of one source record, wrapped by a key-encryption key; destroyed means the record's sealed values are gone."""

    record_id = models.BigIntegerField(primary_key=True)
    wrapped = models.BinaryField()
    kek_version = models.PositiveSmallIntegerField(db_index=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "keyring_record_key"


class FileKey(models.Model):
    """The key of the files of one run or one day."""

    name = models.CharField(max_length=80, primary_key=True)
    wrapped = models.BinaryField()
    kek_version = models.PositiveSmallIntegerField(db_index=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "keyring_file_key"

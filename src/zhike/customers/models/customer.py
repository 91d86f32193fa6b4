"""Customer 客户: a person or an organization the merchant knows by name or identifier."""

from django.db import models

from zhike.kit.rowid import RowId


class Customer(models.Model):
    """The pointer every file hangs on; what is known about it lies in source records."""

    id = RowId(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    number = models.CharField(max_length=24, unique=True)  # file number 档案编号, never reused
    kind = models.CharField(max_length=12, default="person")
    merged_into_id = models.BigIntegerField(null=True)  # this, the root and `is_root` follow from the merges not undone
    root_id = models.BigIntegerField(db_index=True)
    is_root = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    change_seq = models.BigIntegerField(db_index=True)

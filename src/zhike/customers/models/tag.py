"""Tag 标签: a short label on a customer."""

from django.db import models

from zhike.kit.rowid import RowId


class Tag(models.Model):
    """A label staff put on customers."""

    id = RowId(primary_key=True)
    name = models.CharField(max_length=40, unique=True)
    color = models.SmallIntegerField(default=0)  # 0–9, a class of the style sheet
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)


class CustomerTag(models.Model):
    """A tag on a customer. It stays on that customer when files are merged; `root_id` is the file it shows on now."""

    pk = models.CompositePrimaryKey("tag_id", "customer_id")
    tag_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    root_id = models.BigIntegerField(db_index=True, db_default=0)
    by_staff_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

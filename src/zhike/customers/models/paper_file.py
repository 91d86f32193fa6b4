"""PaperFile: where the paper of a customer's file stands, and which of its leaves are missing."""

from django.db import models

from zhike.kit.rowid import RowId


class PaperFile(models.Model):
    """One per customer as filed: after a merge both places find the one file."""

    customer_id = RowId(primary_key=True)
    volume = models.CharField(max_length=24, blank=True)  # 册
    leaf = models.CharField(max_length=24, blank=True)  # 页
    shelf = models.CharField(max_length=24, blank=True)  # 架
    missing = models.CharField(max_length=60, blank=True)  # which leaves are not there; empty: none
    missing_since = models.DateField(null=True)
    updated_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["shelf", "volume", "leaf", "customer_id"], name="paper_by_place"),
            models.Index(fields=["volume", "leaf", "customer_id"], name="paper_by_volume"),
        ]

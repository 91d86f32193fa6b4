"""Export: a file made for one person, sealed, and destroyed after a day."""

from django.db import models


class Export(models.Model):
    """One export: what was asked, its sealed file, and when the file goes."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField(null=True, db_index=True)
    what = models.CharField(max_length=12)  # customers, orders
    query = models.CharField(max_length=1000, blank=True)
    selected_ids = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    job_id = models.BigIntegerField(null=True)
    row_count = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="asked")  # asked, ready, failed, gone
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_export"

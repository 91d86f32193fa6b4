"""Export: a file made for one person, sealed, and destroyed after a day."""

from django.db import models


class Export(models.Model):
    """One export: what was asked, who let it go, its sealed file, and when the file goes."""

    public_id = models.CharField(max_length=24, unique=True)
    staff_id = models.BigIntegerField(null=True, db_index=True)
    what = models.CharField(max_length=12)  # customers, orders, card, book, bag
    form = models.CharField(max_length=8, default="csv")  # csv, xlsx, pdf, docx, zip
    query = models.CharField(max_length=1000, blank=True)
    selected_ids = models.JSONField(default=list)
    reason = models.CharField(max_length=200)
    columns = models.JSONField(default=list)
    options = models.JSONField(default=dict)  # of what is printed: which card, in which view, language; codes only
    job_id = models.BigIntegerField(null=True)
    asked_count = models.BigIntegerField(default=0)  # rows it would have when it was asked
    row_count = models.BigIntegerField(null=True)
    state = models.CharField(
        max_length=10, default="asked", db_index=True
    )  # waiting, asked, ready, refused, failed, gone
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=200, blank=True)  # why it was refused

    class Meta:
        db_table = "desk_export"


class ExportRule(models.Model):
    """From how many rows on an export waits for a second person; one row."""

    id = models.SmallIntegerField(primary_key=True)
    free_rows = models.IntegerField()

    class Meta:
        db_table = "desk_export_rule"

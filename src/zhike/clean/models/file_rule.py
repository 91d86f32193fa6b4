"""The rules of the file 档案管理制度: how often files are reviewed, and which segment makes key customers."""

from django.db import models


class FileRule(models.Model):
    """One row: review periods in days (0: no reviews) and the segment whose members are key customers (empty: by hand)."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    key_days = models.IntegerField(default=90)
    other_days = models.IntegerField(default=0)
    key_segment = models.CharField(max_length=24, blank=True)
    by_staff_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

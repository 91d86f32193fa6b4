"""MigrationProject 迁移项目: the move out of a former system, from its files to the signature under the figures."""

from django.db import models


class MigrationProject(models.Model):
    """Several imports, the figures the merchant read off the former system, and what was found of them here."""

    OPEN, SIGNED = "open", "signed"

    id = models.BigAutoField(primary_key=True)
    public_id = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=120)
    former_system = models.CharField(max_length=120, blank=True)
    extracted = models.TextField(blank=True)  # how and when the data was taken out
    state = models.CharField(max_length=12, default=OPEN)
    expected = models.JSONField(default=dict)  # figure → number as typed in; money in cents
    found = models.JSONField(default=dict)  # figure → number as counted here
    counted_at = models.DateTimeField(null=True)
    by_staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    signed_by_staff_id = models.BigIntegerField(null=True)
    signed_note = models.TextField(blank=True)  # why figures that differ are right all the same

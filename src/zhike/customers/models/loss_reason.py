"""LossReason: why a customer was lost, as the merchant words it, beside the reasons the product ships."""

from django.db import models


class LossReason(models.Model):
    """A reason of the merchant's own, or one of the shipped ones put away."""

    code = models.CharField(max_length=24, primary_key=True)
    name = models.CharField(max_length=60, blank=True)  # empty: a shipped one keeps its words
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

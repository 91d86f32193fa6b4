"""Metric 指标: a computed figure on a customer, with the time it was computed."""

from django.db import models


class Metric(models.Model):
    """One family of figures (rfm, value …) of one customer, as the last run computed it."""

    pk = models.CompositePrimaryKey("customer_id", "family")
    customer_id = models.BigIntegerField()
    family = models.CharField(max_length=24)
    values = models.JSONField()
    as_of = models.DateField()
    computed_at = models.DateTimeField()
    run_id = models.BigIntegerField(db_index=True)

"""What each day took in: sums of orders that the first page would else add up by the hundred thousand."""

from django.db import models


class DayTakings(models.Model):
    """Orders of one day (of universal time) in one currency, kept with the orders in the same transactions."""

    pk = models.CompositePrimaryKey("day", "currency")
    day = models.DateField()
    currency = models.CharField(max_length=3)
    order_count = models.BigIntegerField()  # of all kinds that some live version states
    sale_count = models.BigIntegerField()
    net_cents = models.BigIntegerField()

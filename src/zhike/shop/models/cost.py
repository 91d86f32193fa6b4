"""ProductCost 进价与库存: what was known of a product on a day."""

from django.db import models


class ProductCost(models.Model):
    """The purchase price of one piece and the pieces in stock, as told for a day; either may be unknown."""

    pk = models.CompositePrimaryKey("product_id", "on_day")
    product_id = models.BigIntegerField()
    on_day = models.DateField()
    unit_cost_cents = models.BigIntegerField(null=True)
    stock_quantity = models.BigIntegerField(null=True)
    told_at = models.DateTimeField()
    by_staff_id = models.BigIntegerField(null=True)

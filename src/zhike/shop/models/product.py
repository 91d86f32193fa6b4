"""Product 商品: what orders are made of."""

from django.db import models

from zhike.kit.rowid import RowId


class Product(models.Model):
    """A product as the shops name it; one row per source and merchant code."""

    id = RowId(primary_key=True)
    source_id = models.BigIntegerField()
    sku = models.CharField(max_length=120)
    title = models.CharField(max_length=400)
    line_kind = models.CharField(max_length=16, default="goods")
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "sku", name="one_product_per_source_and_sku")]

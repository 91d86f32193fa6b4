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
    # What a catalogue says of it; blank while none does. Money is in the currency of the shop.
    current_version_id = models.BigIntegerField(null=True)
    order_title = models.CharField(
        max_length=400, blank=True, db_default=""
    )  # as orders call it, kept while a catalogue names it
    category = models.CharField(max_length=200, blank=True, db_default="")
    brand = models.CharField(max_length=120, blank=True, db_default="")
    barcode = models.CharField(max_length=60, blank=True, db_default="")
    price_cents = models.BigIntegerField(null=True)
    cost_cents = models.BigIntegerField(null=True)
    attributes = models.JSONField(null=True)  # {name: text}
    change_seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint("source_id", "sku", name="one_product_per_source_and_sku")]

"""Where a company's goods go 产品的市场流向: one row an order, as somebody learned of it."""

from django.db import models

from zhike.kit.rowid import RowId


class MarketFlow(models.Model):
    """So much of a product went to a buyer or market on a day; a fact, so it points at the company's house record."""

    id = RowId(primary_key=True)
    source_record_id = models.BigIntegerField()
    on = models.DateField()
    buyer = models.CharField(max_length=80)  # the buyer, or the market; identifiers are refused
    region = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=12, blank=True)  # retail, wholesale, online, export, own_use, project
    product = models.CharField(max_length=80)
    quantity_hundredths = models.BigIntegerField()  # 12.5 kg are 1,250: whole numbers add up alike on both databases
    unit = models.CharField(max_length=12, blank=True)
    order_number = models.CharField(max_length=40, blank=True)  # of its order, where it is known
    staff_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source_record_id", "-on", "-id"], name="flows_of_record")]
